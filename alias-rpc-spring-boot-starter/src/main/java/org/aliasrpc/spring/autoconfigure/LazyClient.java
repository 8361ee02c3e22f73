package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.crypto.PublicKey;

/**
 * A client whose network side is made by its first call: the application's start waits neither for sockets nor for the
 * loading of their libraries. While the context is stopped every call fails.
 */
final class LazyClient implements AliasRpcClient {
    private final PublicKey serverPublicKey;
    private final Current<AliasRpcClient> client;
    private volatile boolean stopped;

    /**
     * @param serverPublicKey of the server
     * @param factory may block
     */
    LazyClient(PublicKey serverPublicKey, Supplier<AliasRpcClient> factory) {
        this.serverPublicKey = serverPublicKey;
        this.client = new Current<>(factory, made -> {
            made.close();
            return CompletableFuture.completedStage(null);
        });
    }

    @Override
    public PublicKey serverPublicKey() {
        return serverPublicKey;
    }

    @Override
    public CompletionStage<Boolean> registerAliasAsync(AliasRegistration registration) {
        return call(made -> made.registerAliasAsync(registration));
    }

    @Override
    public CompletionStage<Boolean> registerAliasAsync(AliasRegistration registration, Duration timeout) {
        return call(made -> made.registerAliasAsync(registration, timeout));
    }

    private CompletionStage<Boolean> call(Function<AliasRpcClient, CompletionStage<Boolean>> method) {
        if (stopped) {
            return CompletableFuture.failedStage(new AliasRpcException.Closed("the application is stopped"));
        }
        try {
            return method.apply(client.get());
        } catch (AliasRpcException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public Duration timeout() {
        return client.get().timeout();
    }

    /** Calls are possible again. */
    void start() {
        stopped = false;
    }

    /** Fails what is under way, and every call until the next start. */
    void stop() {
        stopped = true;
        client.stop().toCompletableFuture().join();
    }

    @Override
    public void close() {
        stopped = true;
        client.close();
    }
}
