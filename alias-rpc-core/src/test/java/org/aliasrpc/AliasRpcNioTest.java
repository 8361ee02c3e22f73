package org.aliasrpc;

class AliasRpcNioTest extends AliasRpcContract {
    AliasRpcNioTest() throws Exception {
        super(HyperDhtOptions.Transport.NIO);
    }
}
