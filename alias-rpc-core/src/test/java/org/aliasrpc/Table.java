package org.aliasrpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.aliasrpc.crypto.PublicKey;

/**
 * A table in memory, as registrar of the servers in tests. The service of a registration decides how it behaves:
 * {@code fail} throws, {@code refuse} refuses with a reason, {@code never} does not answer until {@link #answerAll}.
 */
final class Table implements AliasRegistrar {
    private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();
    private final List<CompletableFuture<Boolean>> unanswered = new ArrayList<>();
    final Map<String, AliasRegistration> registrations = new ConcurrentHashMap<>();
    final Map<String, Origin> origins = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<Boolean> registerAlias(AliasRegistration registration, Origin origin) {
        registrations.put(registration.alias(), registration);
        origins.put(registration.alias(), origin);
        switch (registration.service()) {
            case "fail" -> throw new IllegalStateException("thrown by a test");
            case "refuse" -> throw new Refusal("this alias is taken");
            case "never" -> {
                CompletableFuture<Boolean> answer = new CompletableFuture<>();
                synchronized (unanswered) {
                    unanswered.add(answer);
                }
                return answer;
            }
            default -> {
                PublicKey before = keys.put(registration.alias(), registration.targetPublicKey());
                return CompletableFuture.completedStage(
                        !registration.targetPublicKey().equals(before));
            }
        }
    }

    void answerAll(boolean updated) {
        synchronized (unanswered) {
            unanswered.forEach(answer -> answer.complete(updated));
        }
    }
}
