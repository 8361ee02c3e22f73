package org.aliasrpc;

import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.PublicKey;

/**
 * The table behind an alias server. Called for each request with a right secret, on the node's callback executor, where
 * it may block and several calls may run at once; on the event loop only if it asks for that by {@link #isNonBlocking}.
 */
@FunctionalInterface
public interface AliasRegistrar {
    /**
     * Stores a registration.
     *
     * @param registration what to store; its strings come from the network and may hold anything
     * @param origin who asks
     * @return whether the table changed: true for a new alias or one that moved to another key, and for new labels if
     *     they are kept; false for a renewal. A failure refuses the request: the client is told the reason of a
     *     {@link Refusal}, and of any other failure only that the registration failed, with the connection's uid
     */
    CompletionStage<Boolean> registerAlias(AliasRegistration registration, Origin origin);

    /**
     * Whether {@link #registerAlias} returns within microseconds, whatever happens: then it is called on the node's event
     * loop, which spares each request two changes of thread. It must not block there, nor call blocking methods of the
     * node (they throw); every connection of the node waits for it. It may complete its stage later, from any thread.
     *
     * @return false unless overridden; asked once, when the server is built
     */
    default boolean isNonBlocking() {
        return false;
    }

    /**
     * Declares that a registrar never blocks.
     *
     * @param registrar that returns within microseconds; see {@link #isNonBlocking}
     */
    static AliasRegistrar nonBlocking(AliasRegistrar registrar) {
        return new NonBlockingRegistrar(registrar);
    }

    /**
     * A registrar that answers at once or blocks for a moment.
     *
     * @param registrar answers whether the table changed, or throws
     */
    static AliasRegistrar blocking(Blocking registrar) {
        return (registration, origin) -> {
            try {
                return CompletableFuture.completedStage(registrar.registerAlias(registration, origin));
            } catch (Exception e) {
                return CompletableFuture.failedStage(e);
            }
        };
    }

    /** {@link AliasRegistrar} for code that answers by returning. */
    @FunctionalInterface
    interface Blocking {
        /**
         * @param registration what to store
         * @param origin who asks
         * @return whether the table changed
         * @throws Exception to refuse
         */
        boolean registerAlias(AliasRegistration registration, Origin origin) throws Exception;
    }

    /**
     * Where a registration comes from.
     *
     * @param uid of the connection
     * @param remotePublicKey the proven key of the client's end; unrelated to the target's key
     * @param remoteAddress the UDP address of the connection
     * @param secretName which of the server's secrets was presented; {@link AliasRpcServer#DEFAULT_SECRET} if it has one
     */
    record Origin(UUID uid, PublicKey remotePublicKey, InetSocketAddress remoteAddress, String secretName) {
        /** Of a server with one secret. */
        public Origin(UUID uid, PublicKey remotePublicKey, InetSocketAddress remoteAddress) {
            this(uid, remotePublicKey, remoteAddress, AliasRpcServer.DEFAULT_SECRET);
        }
    }

    /** Refuses a registration for a reason that the client is told. */
    final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /**
         * @param reason sent to the client as it is, so without anything secret
         */
        public Refusal(String reason) {
            super(reason);
        }
    }
}
