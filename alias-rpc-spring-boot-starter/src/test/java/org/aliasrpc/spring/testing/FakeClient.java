package org.aliasrpc.spring.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.crypto.PublicKey;

/** A client without network: answers from a script, and for ever with its last line. */
public final class FakeClient implements AliasRpcClient {
    public final List<AliasRegistration> asked = new CopyOnWriteArrayList<>();
    public volatile boolean closed;

    private final PublicKey server;
    private final BlockingQueue<Supplier<CompletionStage<Boolean>>> script = new LinkedBlockingQueue<>();
    private volatile Supplier<CompletionStage<Boolean>> last = CompletableFuture::new; // no answer

    public FakeClient(PublicKey server) {
        this.server = server;
    }

    public FakeClient answers(boolean updated) {
        return then(() -> CompletableFuture.completedStage(updated));
    }

    public FakeClient fails(RuntimeException failure) {
        return then(() -> CompletableFuture.failedStage(failure));
    }

    public FakeClient then(Supplier<CompletionStage<Boolean>> answer) {
        script.add(answer);
        return this;
    }

    @Override
    public PublicKey serverPublicKey() {
        return server;
    }

    @Override
    public CompletionStage<Boolean> registerAliasAsync(AliasRegistration registration, Duration timeout) {
        Supplier<CompletionStage<Boolean>> answer = script.poll();
        last = answer == null ? last : answer;
        CompletionStage<Boolean> result = last.get();
        asked.add(registration);
        return result;
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(10);
    }

    @Override
    public void close() {
        closed = true;
    }
}
