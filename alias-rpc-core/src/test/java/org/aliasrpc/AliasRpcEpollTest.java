package org.aliasrpc;

class AliasRpcEpollTest extends AliasRpcContract {
    AliasRpcEpollTest() throws Exception {
        super(HyperDhtOptions.Transport.EPOLL);
    }
}
