package org.aliasrpc.spring.autoconfigure;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;

/**
 * The alias server of each run of the context, under one key. The first is made at once, so that wrong settings end the
 * application's start.
 */
final class RestartableServer implements AliasRpcServer {
    private final PublicKey publicKey;
    private final Current<AliasRpcServer> server;

    /**
     * @param factory makes the server of one run
     */
    RestartableServer(Supplier<AliasRpcServer> factory) {
        this.server = new Current<>(factory, made -> {
            made.close();
            return CompletableFuture.completedStage(null);
        });
        this.publicKey = server.get().publicKey();
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public CompletionStage<Void> listenAsync() {
        return server.get().listenAsync();
    }

    /** In this run; the factory knows what the next one begins with. */
    @Override
    public void replaceSecrets(Map<String, SecretBytes> secrets) {
        server.peek().ifPresent(running -> running.replaceSecrets(secrets));
    }

    @Override
    public int connectionCount() {
        return server.peek().map(AliasRpcServer::connectionCount).orElse(0);
    }

    /** Ends this run's server. */
    void stop() {
        server.stop().toCompletableFuture().join();
    }

    @Override
    public void close() {
        server.close();
    }
}
