package org.aliasrpc.interop;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.AliasClientEvent;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcClient.LifeCycle;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.HyperDht;
import org.aliasrpc.HyperDhtOptions;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;

/** Our client, which tells its events. */
record JavaAliasClient(LifeCycle lifeCycle) implements AliasClientSide {
    private static final PublicKey TARGET = PublicKey.parse("07".repeat(32));

    /** A node on loopback that joins, as a client or server of an application has it. */
    static HyperDhtOptions options(List<BootstrapNode> bootstrap) {
        return HyperDhtOptions.builder()
                .bootstrap(bootstrap)
                .host(JavaUdx.LOOPBACK)
                .port(0)
                .build();
    }

    @Override
    public JavaClient start(Settings settings) {
        HyperDht dht = HyperDht.create(options(settings.bootstrap()));
        return new JavaClient(settings, dht, lifeCycle);
    }

    @Override
    public int burst(Settings settings, int clients, String prefix) {
        var random = new SecureRandom();
        List<AliasRpcClient> started = new ArrayList<>();
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        try (HyperDht dht = HyperDht.create(options(settings.bootstrap()))) {
            for (int i = 0; i < clients; i++) {
                // A key for each: a server of the reference has one connection for each key.
                AliasRpcClient client = AliasRpcClient.builder(
                                settings.server(), SecretBytes.parse(settings.secret(), "secret"), dht)
                        .timeout(settings.timeout())
                        .lifeCycle(lifeCycle)
                        .keyPair(KeyPair.generate(random))
                        .build();
                started.add(client);
                var registration = new AliasRegistration(prefix + i, TARGET, "host", "service");
                answers.add(client.registerAliasAsync(registration).toCompletableFuture());
            }
            return (int) answers.stream().filter(CompletableFuture::join).count();
        } finally {
            started.forEach(AliasRpcClient::close);
        }
    }

    @Override
    public boolean claimsVersions() {
        return false;
    }

    @Override
    public String toString() {
        return "Java client " + lifeCycle;
    }

    /** One of our clients with its own node. */
    static final class JavaClient implements Running {
        private final HyperDht dht;
        private final AliasRpcClient client;
        private final List<AliasClientEvent> events = new CopyOnWriteArrayList<>();

        JavaClient(Settings settings, HyperDht dht, LifeCycle lifeCycle) {
            this.dht = dht;
            this.client = AliasRpcClient.builder(settings.server(), SecretBytes.parse(settings.secret(), "secret"), dht)
                    .timeout(settings.timeout())
                    .lifeCycle(lifeCycle)
                    .listener(events::add)
                    .build();
        }

        @Override
        public Outcome register(Attempt attempt) {
            if (attempt.major() != 0 || attempt.minor() != 0) {
                throw new IllegalArgumentException("our clients claim no other version");
            }
            try {
                return new Outcome.Registered(client.registerAliasAsync(attempt.registration())
                        .toCompletableFuture()
                        .join());
            } catch (CompletionException e) {
                return Outcome.of(e);
            }
        }

        PublicKey publicKey() {
            return dht.defaultKeyPair().publicKey();
        }

        /** Everything that has happened so far, in order. */
        List<AliasClientEvent> events() {
            return List.copyOf(events);
        }

        @Override
        public void close() {
            client.close();
            dht.close();
        }
    }
}
