package org.aliasrpc.spring.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.MetricsScraper;
import org.aliasrpc.crypto.PublicKey;

/** A scraper without network: each target answers as told, the others are not found. */
public final class FakeScraper implements MetricsScraper {
    public final List<Duration> timeouts = new CopyOnWriteArrayList<>();
    private final Map<PublicKey, Supplier<CompletionStage<ByteBuffer>>> targets = new ConcurrentHashMap<>();

    public FakeScraper answers(PublicKey target, String text) {
        targets.put(
                target,
                () -> CompletableFuture.completedStage(
                        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer()));
        return this;
    }

    /** It answers once the text is there. */
    public FakeScraper answersLater(PublicKey target, CompletableFuture<String> text) {
        targets.put(target, () -> text.thenApply(later -> ByteBuffer.wrap(later.getBytes(StandardCharsets.UTF_8))));
        return this;
    }

    public FakeScraper fails(PublicKey target, Throwable failure) {
        targets.put(target, () -> CompletableFuture.failedStage(failure));
        return this;
    }

    @Override
    public CompletionStage<ByteBuffer> scrapeAsync(PublicKey target, Duration timeout) {
        timeouts.add(timeout);
        return targets.getOrDefault(
                        target,
                        () -> CompletableFuture.failedStage(new AliasRpcException.PeerNotFound("PEER_NOT_FOUND")))
                .get();
    }

    @Override
    public PublicKey publicKey() {
        return Keys.key(5);
    }

    @Override
    public int connectionCount() {
        return targets.size();
    }

    @Override
    public void close() {}
}
