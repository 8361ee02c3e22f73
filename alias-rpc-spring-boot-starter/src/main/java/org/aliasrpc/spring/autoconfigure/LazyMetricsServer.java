package org.aliasrpc.spring.autoconfigure;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.aliasrpc.MetricsServer;
import org.aliasrpc.crypto.PublicKey;

/** The metrics server of each run of the context, made when it begins to listen: that needs sockets and their libraries. */
final class LazyMetricsServer implements MetricsServer {
    private final Supplier<PublicKey> publicKey;
    private final Current<MetricsServer> server;

    /**
     * @param publicKey of every run
     * @param factory makes the server of one run; may block
     */
    LazyMetricsServer(Supplier<PublicKey> publicKey, Supplier<MetricsServer> factory) {
        this.publicKey = publicKey;
        this.server = new Current<>(factory, MetricsServer::closeAsync);
    }

    @Override
    public PublicKey publicKey() {
        return publicKey.get();
    }

    @Override
    public CompletionStage<Void> listenAsync() {
        return server.get().listenAsync();
    }

    @Override
    public int connectionCount() {
        return server.peek().map(MetricsServer::connectionCount).orElse(0);
    }

    /** Ends this run; another may follow. */
    @Override
    public CompletionStage<Void> closeAsync() {
        return server.stop();
    }

    /** Ends for good. */
    @Override
    public void close() {
        server.close();
    }
}
