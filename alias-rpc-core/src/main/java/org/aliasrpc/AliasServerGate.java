package org.aliasrpc;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Decides about requests to an {@link AliasRpcServer} before they reach its registrar: how many a client may make, what a
 * secret is good for, and what happens to those without one. All its methods are called on the event loop, one at a time:
 * they decide at once and must not block. If one throws, the request is refused.
 */
@FunctionalInterface
public interface AliasServerGate {
    /** Longest time that an answer is held back; longer delays count as this. Clients wait 5 s (alias-rpc.md §5). */
    Duration MAX_DELAY = Duration.ofSeconds(4);

    /**
     * Decides about a request that could be decoded. A request with a wrong secret is unauthorised even if the verdict is
     * {@link Verdict#pass}.
     *
     * @param request who wants what
     */
    Verdict decide(Request request);

    /**
     * Decides about a connection, in its handshake: whoever is turned away sees no answer at all.
     *
     * @param remotePublicKey of the client, not yet proven: it may be somebody's who connected once before
     * @return false to turn it away
     */
    default boolean admits(PublicKey remotePublicKey) {
        return true;
    }

    /**
     * The server itself has refused or ended something, for a limit of its own: for counters.
     *
     * @param limit which one
     */
    default void onLimit(Limit limit) {}

    /**
     * A request.
     *
     * @param uid of the connection
     * @param remotePublicKey the proven key of the client's end
     * @param remoteAddress the UDP address of the connection
     * @param alias any text from the network
     * @param targetPublicKey what the alias shall stand for
     * @param secretName of the presented secret; null if it is none of the server's
     */
    record Request(
            UUID uid,
            PublicKey remotePublicKey,
            InetSocketAddress remoteAddress,
            String alias,
            PublicKey targetPublicKey,
            @Nullable String secretName) {}

    /** What becomes of a request. */
    sealed interface Verdict {
        /** It goes to the registrar. */
        static Verdict pass() {
            return Pass.INSTANCE;
        }

        /**
         * Refused at once; raises alias-error.
         *
         * @param reason sent to the client as it is
         */
        static Verdict refused(String reason) {
            return new Refused(reason);
        }

        /**
         * The secret is right but not for this: refused at once; raises alias-unauthorised, which says who wanted what.
         *
         * @param reason sent to the client as it is
         */
        static Verdict forbidden(String reason) {
            return new Forbidden(reason);
        }

        /**
         * Answered {@code Unauthorised}, as the reference does; raises alias-unauthorised.
         *
         * @param delay how long the answer waits, which costs neither a thread nor the loop; at most {@link #MAX_DELAY}.
         *     The server holds a bounded number of answers; if too many wait, the connection is cut off instead
         * @param last whether the connection ends after the answer
         */
        static Verdict unauthorised(Duration delay, boolean last) {
            return new Unauthorised(delay, last);
        }

        /**
         * No answer: the connection is broken. Raises no event of the request, so that a stranger's attempts fill nothing.
         *
         * @param reason told in connection-error, not to the client
         */
        static Verdict cutOff(String reason) {
            return new CutOff(reason);
        }
    }

    /** See {@link Verdict#pass}. */
    enum Pass implements Verdict {
        /** The only one. */
        INSTANCE
    }

    /** See {@link Verdict#refused}. */
    record Refused(String reason) implements Verdict {}

    /** See {@link Verdict#forbidden}. */
    record Forbidden(String reason) implements Verdict {}

    /** See {@link Verdict#unauthorised}. */
    record Unauthorised(Duration delay, boolean last) implements Verdict {
        public Unauthorised {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("delay " + delay + " is negative");
            }
        }
    }

    /** See {@link Verdict#cutOff}. */
    record CutOff(String reason) implements Verdict {}

    /** A limit of the server itself. */
    enum Limit {
        /** Connections of all clients; the client sees no answer ({@link Hyperswarm.Builder#maxConnections}). */
        CONNECTIONS,
        /** Connections of one key; the one silent longest is closed ({@link Hyperswarm.Builder#connectionsPerPeer}). */
        CONNECTIONS_PER_PEER,
        /** Length of a request ({@link AliasRpcServer.Builder#maxRequestBytes}). */
        REQUEST_SIZE,
        /** Requests of one connection at a time ({@link AliasRpcServer.Builder#maxConcurrentRequests}). */
        CONCURRENT_REQUESTS,
        /** Memory of registrations that wait for the registrar. */
        WAITING_REGISTRATIONS,
        /** Answers that wait ({@link Verdict#unauthorised}); the connection is cut off. */
        HELD_ANSWERS,
        /** Time until a connection shows a right secret ({@link AliasRpcServer.Builder#firstRequestTimeout}). */
        FIRST_REQUEST_TIMEOUT,
        /** Time without a request ({@link AliasRpcServer.Builder#idleTimeout}). */
        IDLE_TIMEOUT
    }
}
