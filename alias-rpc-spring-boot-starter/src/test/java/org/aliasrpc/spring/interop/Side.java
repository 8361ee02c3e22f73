package org.aliasrpc.spring.interop;

/** Whose implementation it is. */
enum Side {
    JAVA,
    NODE;

    Side other() {
        return this == JAVA ? NODE : JAVA;
    }
}
