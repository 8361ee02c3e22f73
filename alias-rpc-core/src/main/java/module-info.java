/**
 * HyperDHT, Hyperswarm and alias registration for the JVM.
 *
 * <p>What is exported is the public API; everything else may change.
 */
module org.aliasrpc.core {
    exports org.aliasrpc;
    exports org.aliasrpc.crypto;
    exports org.aliasrpc.encoding;

    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires org.bouncycastle.provider;
    requires org.slf4j;
    requires static transitive org.jspecify;
}
