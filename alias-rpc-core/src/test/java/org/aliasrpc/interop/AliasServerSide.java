package org.aliasrpc.interop;

import java.util.List;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.crypto.PublicKey;

/**
 * A kind of alias server: a column of the interoperability matrix. The service of a registration tells its registrar how to
 * behave: {@code refuse} fails, {@code slow-<ms>} takes that long, anything else is put into a table at once.
 */
interface AliasServerSide {
    /** The service for which registrars fail. */
    String REFUSE = "refuse";

    /** The service for which registrars answer after this many milliseconds. */
    static String slow(int millis) {
        return "slow-" + millis;
    }

    /**
     * Starts one server; it is announced when the method returns.
     *
     * @param secret in hex
     */
    Running start(List<BootstrapNode> bootstrap, String secret);

    /** One server with its DHT node. */
    interface Running extends AutoCloseable {
        PublicKey publicKey();

        /** Waits until a request for this alias has reached the registrar. */
        void awaitRequest(String alias);

        @Override
        void close();
    }
}
