package org.aliasrpc.interop;

import static org.awaitility.Awaitility.await;

import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.AliasServerEvent;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.HyperDht;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;

/** Our server, which tells its events. */
record JavaAliasServer() implements AliasServerSide {
    @Override
    public JavaServer start(List<BootstrapNode> bootstrap, String secret) {
        JavaServer server = new JavaServer(bootstrap, secret, KeyPair.generate(new SecureRandom()));
        server.listen();
        return server;
    }

    @Override
    public String toString() {
        return "Java server";
    }

    /** One of our servers with its own node. */
    static final class JavaServer implements Running {
        private final HyperDht dht;
        private final Hyperswarm swarm;
        private final AliasRpcServer server;
        private final List<AliasServerEvent> events = new CopyOnWriteArrayList<>();

        /** Does not listen yet. */
        JavaServer(List<BootstrapNode> bootstrap, String secret, KeyPair keyPair) {
            this.dht = HyperDht.create(JavaAliasClient.options(bootstrap));
            this.swarm = Hyperswarm.builder(dht, keyPair)
                    .connectionsPerPeer(AliasRpcServer.CONNECTIONS_PER_PEER)
                    .build();
            this.server = AliasRpcServer.builder(swarm, SecretBytes.parse(secret, "secret"), new TableRegistrar())
                    .listener(events::add)
                    .build();
        }

        /** Listens, and waits until it is announced. */
        void listen() {
            server.listenAsync()
                    .toCompletableFuture()
                    .orTimeout(NodePeer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }

        /** Begins to listen. */
        void startListening() {
            var unused = server.listenAsync();
        }

        @Override
        public PublicKey publicKey() {
            return server.publicKey();
        }

        /** Everything that has happened so far, in order. */
        List<AliasServerEvent> events() {
            return List.copyOf(events);
        }

        /** What has happened on one connection so far. */
        List<AliasServerEvent> events(UUID uid) {
            return events.stream().filter(event -> event.uid().equals(uid)).toList();
        }

        /** Waits for the first event, past or future, that meets the condition. */
        AliasServerEvent awaitEvent(Predicate<AliasServerEvent> condition) {
            await().atMost(NodePeer.PATIENCE).until(() -> events.stream().anyMatch(condition));
            return events.stream().filter(condition).findFirst().orElseThrow();
        }

        @Override
        public void awaitRequest(String alias) {
            awaitEvent(event -> event instanceof AliasServerEvent.AliasRequest request
                    && request.alias().equals(alias));
        }

        @Override
        public void close() {
            server.close();
            swarm.close();
            dht.close();
        }
    }
}
