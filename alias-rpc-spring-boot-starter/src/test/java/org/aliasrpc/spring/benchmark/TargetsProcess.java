package org.aliasrpc.spring.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.HyperDht;
import org.aliasrpc.MetricsServer;
import org.aliasrpc.OpenNode;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;

/**
 * Many targets in a process of their own, so that what they cost can be told from what the service costs. All live on one
 * node and serve the same prepared text.
 *
 * <p>Arguments: their number, a bootstrap node, and the public keys that may scrape. Says {@code ready KEY KEY …}; the line
 * {@code length BYTES} changes the text; ends with its input.
 */
final class TargetsProcess {
    private static volatile ByteBuffer text = MetricsText.ofLength(1000);

    private TargetsProcess() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int count = Integer.parseInt(arguments[0]);
        HyperDht dht = OpenNode.create(List.of(BootstrapNode.parse(arguments[1])));
        List<PublicKey> scrapers =
                Arrays.stream(arguments).skip(2).map(PublicKey::parse).toList();
        SecureRandom random = new SecureRandom();
        List<MetricsServer> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(
                    MetricsServer.builder(dht, KeyPair.generate(random), () -> CompletableFuture.completedFuture(text))
                            .allow(scrapers)
                            .build());
        }
        CompletableFuture.allOf(servers.stream()
                        .map(server -> server.listenAsync().toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        ChildProcess.say(
                servers.stream().map(server -> server.publicKey().toString()).collect(Collectors.joining(" ")));
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            text = MetricsText.ofLength(Integer.parseInt(line.substring("length ".length())));
            ChildProcess.say("done");
        }
        System.exit(0); // as a crash would: the network of the benchmark goes too
    }
}
