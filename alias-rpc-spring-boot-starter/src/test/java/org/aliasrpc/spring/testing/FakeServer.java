package org.aliasrpc.spring.testing;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;

/** A server without network. */
public final class FakeServer implements AliasRpcServer {
    public final CompletableFuture<Void> listening = new CompletableFuture<>();
    public volatile boolean closed;

    @Override
    public PublicKey publicKey() {
        return Keys.key(5);
    }

    @Override
    public CompletionStage<Void> listenAsync() {
        return listening;
    }

    @Override
    public void replaceSecrets(Map<String, SecretBytes> secrets) {}

    @Override
    public int connectionCount() {
        return 3;
    }

    @Override
    public void close() {
        closed = true;
    }
}
