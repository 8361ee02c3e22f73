package org.aliasrpc.spring.test;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.HyperDht;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.registry.AliasRules;
import org.aliasrpc.spring.registry.ConflictPolicy;
import org.aliasrpc.spring.registry.MemoryAliasStore;
import org.aliasrpc.spring.registry.RegistryLimits;
import org.aliasrpc.spring.registry.StoredAliasRegistry;

/** A real alias server on a DHT of its own, for one test context. Safe for use by many threads. */
public final class LocalAliasServer implements AutoCloseable {
    private static final RegistryLimits LIMITS = new RegistryLimits(
            Duration.ofHours(3), Duration.ofMinutes(5), 10_000, AliasRules.DEFAULT, ConflictPolicy.REPLACE);

    private final LocalTestnet testnet;
    private final HyperDht node;
    private final KeyPair keyPair;
    private final SecretBytes secret;
    private final Hyperswarm swarm;
    private final AliasRpcServer server;
    private final StoredAliasRegistry registry =
            new StoredAliasRegistry(new MemoryAliasStore(LIMITS, Clock.systemUTC()), LIMITS, event -> {});
    private final Map<String, CompletableFuture<AliasEntry>> arrivals = new ConcurrentHashMap<>();

    private LocalAliasServer(LocalTestnet testnet) {
        SecureRandom random = new SecureRandom();
        this.testnet = testnet;
        this.node = testnet.newNode();
        this.keyPair = KeyPair.generate(random);
        this.secret = SecretBytes.random(random, 32);
        this.swarm = Hyperswarm.builder(node, keyPair).connectionsPerPeer(16).build();
        this.server = AliasRpcServer.create(swarm, secret, this::register);
    }

    /**
     * Starts everything, and waits until the server can be found.
     *
     * @param nodes of the DHT
     */
    static LocalAliasServer start(int nodes) throws InterruptedException {
        LocalAliasServer local = new LocalAliasServer(LocalTestnet.start(nodes));
        try {
            local.server.listen();
            return local;
        } catch (InterruptedException | RuntimeException e) {
            local.close();
            throw e;
        }
    }

    /** What a client needs to register here. */
    AliasRpcConnectionDetails connectionDetails() {
        return new AliasRpcConnectionDetails() {
            @Override
            public Map<String, Server> servers() {
                return Map.of(DEFAULT_SERVER, new Server(publicKey(), secret));
            }

            @Override
            public List<BootstrapNode> bootstrap() {
                return testnet.bootstrap();
            }
        };
    }

    /** The server's public key. */
    public PublicKey publicKey() {
        return server.publicKey();
    }

    /** Everything that is registered now. */
    public List<AliasEntry> entries() {
        return registry.entries();
    }

    /**
     * Waits for a registration; returns at once if it has come before.
     *
     * @param alias the name
     * @param timeout how long to wait at most
     * @throws AssertionError if it does not come
     */
    public AliasEntry awaitAlias(String alias, Duration timeout) throws InterruptedException {
        try {
            return arrival(alias).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "alias " + alias + " was not registered within " + timeout + "; registered are "
                            + entries().stream().map(AliasEntry::alias).toList(),
                    e);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private CompletableFuture<AliasEntry> arrival(String alias) {
        return arrivals.computeIfAbsent(alias, unused -> new CompletableFuture<>());
    }

    private CompletionStage<Boolean> register(AliasRegistration registration, AliasRegistrar.Origin origin) {
        return registry.registerAlias(registration, origin).thenApply(updated -> {
            registry.find(registration.alias())
                    .ifPresent(entry -> arrival(registration.alias()).complete(entry));
            return updated;
        });
    }

    @Override
    public void close() {
        server.close();
        swarm.close();
        node.close();
        testnet.close();
        secret.close();
        keyPair.close();
    }
}
