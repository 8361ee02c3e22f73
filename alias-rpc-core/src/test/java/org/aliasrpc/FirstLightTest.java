package org.aliasrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FirstLightTest {
    @Test
    @Timeout(30)
    void anAliasIsRegistered() throws Exception {
        SecretBytes secret = SecretBytes.random(new Random(1), 32);
        long t0 = System.nanoTime();
        try (LocalTestnet testnet = LocalTestnet.start(3)) {
            System.out.println("testnet " + (System.nanoTime() - t0) / 1000000);
            try (HyperDht serverNode = testnet.newNode();
                    Hyperswarm swarm = Hyperswarm.create(serverNode, KeyPair.generate(new Random(2)));
                    AliasRpcServer server = AliasRpcServer.builder(
                                    swarm, secret, AliasRegistrar.blocking((registration, origin) -> true))
                            .listener(event -> System.out.println((System.nanoTime() - t0) / 1000000 + " " + event))
                            .build()) {
                server.listen();
                System.out.println("listening " + (System.nanoTime() - t0) / 1000000);
                try (HyperDht clientNode = testnet.newNode();
                        AliasRpcClient client = AliasRpcClient.builder(server.publicKey(), secret, clientNode)
                                .listener(event -> System.out.println((System.nanoTime() - t0) / 1000000 + " " + event))
                                .build()) {
                    assertThat(client.registerAlias(
                                    new AliasRegistration("alias", server.publicKey(), "host", "service")))
                            .isTrue();
                    System.out.println("registered " + (System.nanoTime() - t0) / 1000000);
                    assertThat(client.registerAlias(
                                    new AliasRegistration("alias", server.publicKey(), "host", "service")))
                            .isTrue();
                    System.out.println("registered " + (System.nanoTime() - t0) / 1000000);
                }
                System.out.println("client closed " + (System.nanoTime() - t0) / 1000000);
            }
            System.out.println("server closed " + (System.nanoTime() - t0) / 1000000);
        }
        System.out.println("testnet closed " + (System.nanoTime() - t0) / 1000000);
    }
}
