package org.aliasrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.junit.jupiter.api.Test;

/** The README's example of the core, compiled and run. {@link ReadmeTest} sees to it that both are the same. */
class ReadmeExampleTest {
    @Test
    void registersAnAliasWithoutSpring() throws InterruptedException {
        Map<String, PublicKey> table = new ConcurrentHashMap<>();
        AliasRegistrar registrar = AliasRegistrar.blocking((registration, origin) -> {
            PublicKey before = table.put(registration.alias(), registration.targetPublicKey());
            return !registration.targetPublicKey().equals(before); // whether the table changed
        });
        SecureRandom random = new SecureRandom();
        try (LocalTestnet testnet = LocalTestnet.start(3); // the real network: HyperDht.create(HyperDhtOptions...)
                HyperDht serverNode = testnet.newNode();
                HyperDht clientNode = testnet.newNode();
                SecretBytes secret = SecretBytes.random(random, 32);
                Hyperswarm swarm = Hyperswarm.create(serverNode, KeyPair.generate(random));
                AliasRpcServer server = AliasRpcServer.builder(swarm, secret, registrar)
                        .listener(event -> System.out.println("server: " + event))
                        .build();
                AliasRpcClient client = AliasRpcClient.create(server.publicKey(), secret, clientNode)) {
            server.listen(); // announced: a client finds it now

            PublicKey target = KeyPair.generate(random).publicKey();
            boolean updated = client.registerAlias("my-app", target.toString(), "my-host", "my-service");
            boolean again = client.registerAlias("my-app", target.toString(), "my-host", "my-service");

            System.out.println("updated: " + updated + ", then " + again + ", table: " + table);
            assertThat(updated).isTrue();
            assertThat(again).isFalse();
            assertThat(table).containsExactly(Map.entry("my-app", target));
        }
    }
}
