package org.aliasrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.aliasrpc.alias.AliasClientOptions;
import org.aliasrpc.alias.Registration;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.dht.BootstrapNode;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.sim.SimFirewall;
import org.aliasrpc.sim.SimLink;
import org.aliasrpc.sim.SimNat;
import org.aliasrpc.sim.SimNetwork;
import org.jspecify.annotations.Nullable;

/**
 * A DHT, an alias server and clients of both life cycles in virtual time, with everything else drawn from one seed: delays,
 * loss, duplicates, reordering, boxes in front of one end, the calls, what the registrar does with each, and whether the
 * server's process ends in between.
 */
final class AliasSimRun {
    private static final PeerAddress BOOTSTRAP = PeerAddress.of("5.5.0.1", 49737);
    private static final int DHT_NODES = 5;
    private static final int CALLS = 16;

    private static final List<SimFirewall.Ports> ANY_PORTS = List.of(SimFirewall.Ports.values());
    private static final List<AliasSimCall.Behaviour> ANY = List.of(AliasSimCall.Behaviour.values());

    /** Of a client that makes one call at a time none takes so long that others run out of time. */
    private static final List<AliasSimCall.Behaviour> ANSWERS = ANY.stream()
            .filter(behaviour -> behaviour != AliasSimCall.Behaviour.SILENT)
            .toList();

    /** Loss that no call notices but by its duration. */
    private static final double MILD_LOSS = 0.05;

    private static final long CALLS_BEGIN_WITHIN = TimeUnit.SECONDS.toNanos(15);
    private static final long QUIET_WITHIN = TimeUnit.MINUTES.toNanos(5);
    private static final SecretBytes SECRET = secret(1);
    private static final SecretBytes WRONG_SECRET = secret(2);

    private final List<AliasSimCall> calls = new ArrayList<>();

    private final double loss;
    private final Random random;
    private final SimNetwork network;
    private final CRC32C trace = new CRC32C();
    private final KeyPair serverKeyPair;
    private final boolean serverDies;
    private final Map<String, AliasSimCall> byAlias = new LinkedHashMap<>();
    private final List<SimAliasServer> servers = new ArrayList<>();
    private final List<SimAliasClient> clients = new ArrayList<>();
    private final String description;
    private final @Nullable SimNat clientNat;
    private final @Nullable SimNat serverNat;

    AliasSimRun(long seed, double loss) {
        this.loss = loss;
        this.random = new Random(seed);
        this.network = new SimNetwork(random.nextLong()).tap((from, to, datagram, now) -> {
            record(now + " " + from + " " + to);
            trace.update(datagram);
            return true;
        });
        this.serverKeyPair = KeyPair.generate(random);
        this.serverDies = random.nextInt(4) == 0;
        // Without hole punching one of the ends has to be open (hyperdht.md §7.5).
        int boxed = random.nextInt(3);
        SimFirewall.Ports ports = ANY_PORTS.get(random.nextInt(ANY_PORTS.size()));
        this.clientNat = boxed == 1 ? new SimFirewall("203.0.113.1", ports) : null;
        this.serverNat = boxed == 2 ? new SimFirewall("203.0.113.2", ports) : null;
        this.description = "seed " + seed + ", loss " + loss + ", "
                + (boxed == 0
                        ? "both ends open"
                        : (boxed == 1 ? "clients" : "server") + " behind a box, ports " + ports)
                + (serverDies ? ", the server is restarted" : "");
    }

    /** Whether the server's process ends and another one takes its place. */
    boolean serverDies() {
        return serverDies;
    }

    int calls() {
        return calls.size();
    }

    /** Calls that ended as the registrar decided. */
    long callsAsDecided() {
        return calls.stream().filter(AliasSimCall::endedAsDecided).count();
    }

    /**
     * The whole run with its checks.
     *
     * @return a checksum of every datagram, event and time
     */
    long run() {
        try {
            startNetwork();
            startServer();
            startClients();
            assertThat(network.runUntil(() -> calls.stream().allMatch(AliasSimCall::hasEnded), seconds(200)))
                    .as("every call ends")
                    .isTrue();
            calls.forEach(call -> call.check(loss > MILD_LOSS || serverDies));
            clients.forEach(SimAliasClient::close);
            SimAliasServer last = servers.get(servers.size() - 1);
            assertThat(network.runUntil(last.connections::isEmpty, QUIET_WITHIN))
                    .as("no connection is left over")
                    .isTrue();
            servers.forEach(server -> server.events.forEach(AliasSimCall::checkServerEvents));
            servers.forEach(server -> record(server.events.toString()));
            clients.forEach(client -> record(client.events.toString()));
            return trace.getValue();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(description + ": " + e.getMessage(), e);
        }
    }

    private void startNetwork() {
        List<SimHyperDht> nodes = new ArrayList<>();
        for (int i = 0; i < DHT_NODES; i++) {
            RpcConfig.Builder rpc = RpcConfig.builder();
            rpc = i == 0
                    ? rpc.publicAddress(BOOTSTRAP)
                    : rpc.mode(RpcConfig.Mode.PERSISTENT)
                            .firewalled(false)
                            .port(BOOTSTRAP.port())
                            .bootstrap(List.of(BootstrapNode.of(BOOTSTRAP)));
            nodes.add(new SimHyperDht(network, "5.5.0." + (i + 1), null, rpc.build(), new Random(random.nextLong())));
            network.runFor(TimeUnit.MILLISECONDS.toNanos(20));
        }
        assertThat(network.runUntil(() -> nodes.stream().allMatch(SimHyperDht::isReady), seconds(60)))
                .as("the DHT begins")
                .isTrue();
        network.defaultLink(SimLink.PERFECT
                .withLoss(loss)
                .withDuplicate(random.nextInt(3) * 0.02)
                .withReorder(random.nextInt(3) * 0.1)
                .withDelayMillis(1 + random.nextInt(40))
                .withJitterMillis(random.nextInt(20)));
    }

    private SimHyperDht startEnd(String host, @Nullable SimNat nat) {
        RpcConfig rpc = RpcConfig.builder()
                .bootstrap(List.of(BootstrapNode.of(BOOTSTRAP)))
                .firewalled(nat != null)
                .build();
        return new SimHyperDht(network, host, nat, rpc, new Random(random.nextLong()));
    }

    private void startServer() {
        SimHyperDht dht = startEnd("7.7.7." + (servers.size() + 1), serverNat);
        SimAliasServer server = new SimAliasServer(dht, serverKeyPair, SECRET, this::onPut);
        servers.add(server);
        if (servers.size() == 1) {
            assertThat(network.runUntil(() -> dht.isReady() && server.isAnnounced(), seconds(60)))
                    .as("the server is announced")
                    .isTrue();
            if (serverDies) {
                network.after((long) (random.nextDouble() * CALLS_BEGIN_WITHIN), dht::kill);
                network.after(CALLS_BEGIN_WITHIN + seconds(random.nextInt(5)), this::startServer);
            }
        }
    }

    /** Two clients share a key; a third one has the wrong secret. */
    private void startClients() {
        SimHyperDht dht = startEnd("8.8.8.1", clientNat);
        SimHyperDht other = startEnd("8.8.8.2", null);
        assertThat(network.runUntil(() -> dht.isReady() && other.isReady(), seconds(60)))
                .as("the clients begin")
                .isTrue();
        KeyPair shared = KeyPair.generate(random);
        clients.add(client(dht, shared, SECRET, AliasClientOptions.POOLED));
        clients.add(client(dht, shared, SECRET, AliasClientOptions.PER_CALL));
        AliasClientOptions any = random.nextBoolean() ? AliasClientOptions.POOLED : AliasClientOptions.PER_CALL;
        clients.add(client(serverNat == null ? other : dht, KeyPair.generate(random), WRONG_SECRET, any));
        for (int i = 0; i < CALLS; i++) {
            SimAliasClient client = clients.get(random.nextInt(clients.size()));
            List<AliasSimCall.Behaviour> choice = client == clients.get(0) ? ANY : ANSWERS;
            AliasSimCall.Behaviour behaviour = choice.get(random.nextInt(choice.size()));
            long timeout = behaviour == AliasSimCall.Behaviour.SILENT ? seconds(8) : seconds(loss > 0.1 ? 90 : 45);
            var call = new AliasSimCall(
                    new Registration("alias " + i, shared.publicKey(), "host " + i, "x".repeat(random.nextInt(3000))),
                    client,
                    behaviour,
                    client == clients.get(2),
                    timeout);
            calls.add(call);
            byAlias.put(call.registration.alias(), call);
            long begin = random.nextInt(4) == 0 ? 0 : (long) (random.nextDouble() * CALLS_BEGIN_WITHIN);
            network.after(begin, () -> call.begin(network.now()));
        }
    }

    private SimAliasClient client(SimHyperDht dht, KeyPair keyPair, SecretBytes secret, AliasClientOptions options) {
        return new SimAliasClient(dht, keyPair, serverKeyPair.publicKey(), secret, options);
    }

    private void onPut(SimAliasServer.Put put) {
        Registration asked = put.request.registration();
        AliasSimCall call = Objects.requireNonNull(byAlias.get(asked.alias()));
        assertThat(asked).isEqualTo(call.registration);
        call.timesAsked++;
        switch (call.behaviour) {
            case UPDATED -> put.done(true);
            case UNCHANGED -> put.done(false);
            case SLOW -> network.after((long) (random.nextDouble() * seconds(3)), () -> put.done(true));
            case FAILS -> put.failed(new IllegalStateException("no " + asked.alias()));
            case SILENT -> {}
        }
    }

    private void record(String what) {
        trace.update(ByteBuffer.wrap(what.getBytes(StandardCharsets.UTF_8)));
    }

    private static long seconds(int count) {
        return TimeUnit.SECONDS.toNanos(count);
    }

    private static SecretBytes secret(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return SecretBytes.copyOf(bytes);
    }
}
