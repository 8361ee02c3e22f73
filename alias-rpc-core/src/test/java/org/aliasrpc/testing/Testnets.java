package org.aliasrpc.testing;

import org.aliasrpc.LocalTestnet;

/** Testnets for a static field, with {@code @AutoClose}: one for all tests of a class. */
public final class Testnets {
    private Testnets() {}

    /** As {@link LocalTestnet#start}. */
    public static LocalTestnet start(int nodes) {
        try {
            return LocalTestnet.start(nodes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
