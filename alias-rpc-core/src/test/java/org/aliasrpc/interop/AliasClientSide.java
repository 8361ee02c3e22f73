package org.aliasrpc.interop;

import java.time.Duration;
import java.util.List;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.crypto.PublicKey;

/** A kind of alias client: a line of the interoperability matrix. */
interface AliasClientSide {
    /** Starts one client. */
    Running start(Settings settings);

    /**
     * Registers many aliases at the same time, each with a client and a key pair of its own.
     *
     * @param prefix of the aliases, before a number
     * @return how many were told that the table changed
     */
    int burst(Settings settings, int clients, String prefix);

    /** Whether a call can claim another version of the protocol. */
    boolean claimsVersions();

    /**
     * What a client needs to know.
     *
     * @param secret in hex
     * @param timeout of each request
     */
    record Settings(List<BootstrapNode> bootstrap, PublicKey server, String secret, Duration timeout) {
        Settings withSecret(String other) {
            return new Settings(bootstrap, server, other, timeout);
        }

        Settings withServer(PublicKey other) {
            return new Settings(bootstrap, other, secret, timeout);
        }

        Settings withTimeout(Duration other) {
            return new Settings(bootstrap, server, secret, other);
        }
    }

    /** One client with its DHT node. */
    interface Running extends AutoCloseable {
        /** Registers, and waits for the end. */
        Outcome register(Attempt attempt);

        @Override
        void close();
    }
}
