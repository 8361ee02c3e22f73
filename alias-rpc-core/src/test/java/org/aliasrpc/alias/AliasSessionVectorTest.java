package org.aliasrpc.alias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.rpc.CallStep;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The sessions of alias-rpc.json: both ends are ours; each has to write and to tell what the reference did. */
class AliasSessionVectorTest {
    private static final long TIMEOUT = 100_000_000;

    /** Uids 1, 2, 3, … as in the recording. */
    private final RandomGenerator counting = new RandomGenerator() {
        private long calls;

        @Override
        public long nextLong() {
            calls++;
            return calls % 2 == 1 ? 0 : calls / 2;
        }
    };

    static Stream<JsonNode> sessions() {
        return Vectors.cases("alias-rpc", "sessions");
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void bothEndsDoAsRecorded(JsonNode session) {
        String name = Vectors.text(session, "name");
        if (name.startsWith("invalid-key")) {
            // Before any event or I/O: such a text gives no key at all.
            assertThatThrownBy(() -> PublicKey.parse("not a key"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(Vectors.text(Vectors.field(timeline(session).get(0), "error"), "message"));
            return;
        }
        AliasNetwork network = play(name, Vectors.integer(session, "clientGeneration") == 1);

        List<String> framesOfClient = new ArrayList<>();
        List<String> framesOfServer = new ArrayList<>();
        List<String> client = new ArrayList<>();
        List<String> server = new ArrayList<>();
        int connects = 0;
        for (JsonNode step : timeline(session)) {
            if (step.has("from")) {
                List<String> frames = Vectors.text(step, "from").equals("A") ? framesOfClient : framesOfServer;
                frames.add(Vectors.text(Vectors.field(step, "frame"), "hex"));
            } else if (step.has("event")) {
                String event = Vectors.text(step, "event") + words(Vectors.field(step, "payload"));
                (Vectors.text(step, "side").equals("A") ? client : server).add(event);
            } else if (step.has("resolved")) {
                client.add("updated " + Vectors.bool(step, "updated"));
            } else if (step.has("rejected")) {
                client.add("rejected " + error(Vectors.field(step, "error")));
            } else if (step.has("connect")) {
                assertThat(Vectors.bytes(step, "connect")).isEqualTo(AliasNetwork.SERVER.bytes());
                connects++;
            }
        }
        assertThat(network.fromClient).extracting(Bytes::toHex).containsExactlyElementsOf(framesOfClient);
        assertThat(network.fromServer).extracting(Bytes::toHex).containsExactlyElementsOf(framesOfServer);
        assertThat(told(network.clientEvents)).containsExactlyElementsOf(client);
        assertThat(heard(network.serverEvents)).containsExactlyElementsOf(server);
        assertThat(network.connectRequests).hasSize(connects);
    }

    private AliasNetwork play(String name, boolean firstGeneration) {
        AliasClientOptions options = firstGeneration ? AliasClientOptions.PER_CALL : AliasClientOptions.POOLED;
        String scenario = name.replaceFirst("-v[12]$", "");
        AliasRequestCodec codec = switch (scenario) {
            case "wrong-major" -> new AliasRequestCodec(1000, 1);
            case "higher-minor" -> new AliasRequestCodec(1, 1000);
            default -> AliasRequestCodec.INSTANCE;
        };
        SecretBytes secret = scenario.equals("unauthorised")
                ? SecretBytes.copyOf(Bytes.fromHex("56".repeat(32)).toByteArray())
                : AliasNetwork.SECRET;
        AliasNetwork network =
                new AliasNetwork(new AliasClient(AliasNetwork.SERVER, secret, options, counting, codec), counting);
        Registration registration = scenario.startsWith("callback-") && !scenario.equals("callback-error")
                ? new Registration("dummy", AliasNetwork.TARGET, "h", "s")
                : AliasNetwork.registration("dummy");
        List<Runnable> latePuts = new ArrayList<>();
        switch (scenario) {
            case "success" -> network.registrar = new FirstOnly()::accept;
            case "callback-error" ->
                network.registrar = (session, put) ->
                        session.onPutFailed(put.requestId(), new IllegalStateException("put alias error"));
            // A callback of ours answers true or false: what the recording's gives is false and true to the wire.
            case "callback-undefined" ->
                network.registrar = (session, put) -> session.onPutResult(put.requestId(), false);
            case "timeout" ->
                network.registrar = (session, put) -> latePuts.add(() -> {
                    session.onPutResult(put.requestId(), true);
                    network.pollServer(session);
                });
            case "server-drops" -> network.registrar = (session, put) -> {};
            default -> {}
        }

        network.register(registration, TIMEOUT);
        if (scenario.equals("success")) {
            network.register(registration, TIMEOUT);
        } else if (scenario.equals("timeout")) {
            network.advance(TIMEOUT);
            latePuts.forEach(Runnable::run);
            network.run();
        } else if (scenario.equals("server-drops")) {
            network.breakConnection(1, "gone", null);
        }
        network.connections.close();
        network.run();
        return network;
    }

    private static final class FirstOnly {
        private boolean registered;

        void accept(AliasServerSession session, AliasServerEvent.PutRequested put) {
            session.onPutResult(put.requestId(), !registered);
            registered = true;
        }
    }

    private static List<JsonNode> timeline(JsonNode session) {
        return Vectors.elements(Vectors.field(session, "timeline"));
    }

    /** What the client told, in the words of the recording. */
    private static List<String> told(List<AliasClientEvent> events) {
        List<String> told = new ArrayList<>();
        for (AliasClientEvent event : events) {
            if (event instanceof AliasClientEvent.Attempt attempt) {
                told.add("alias-attempt"
                        + words(
                                "alias", attempt.alias(),
                                "targetKey", attempt.targetKey(),
                                "hostname", attempt.hostname(),
                                "service", attempt.service(),
                                "uid", attempt.uid()));
            } else if (event instanceof AliasClientEvent.ConnectionError error) {
                told.add("connection-error " + error.error());
            } else if (event instanceof AliasClientEvent.Finished finished) {
                told.add(words(finished.outcome()));
            }
        }
        return told;
    }

    private static String words(AliasOutcome outcome) {
        if (outcome instanceof AliasOutcome.Registered registered) {
            return "updated " + registered.updated();
        }
        if (outcome instanceof AliasOutcome.Refused refused) {
            return "rejected " + refused.reason();
        }
        if (outcome instanceof AliasOutcome.IncompatibleVersion incompatible) {
            return "rejected DECODE_ERROR " + incompatible.reason();
        }
        if (outcome.equals(new AliasOutcome.TimedOut(CallStep.REQUEST))) {
            return "rejected TIMEOUT_EXCEEDED";
        }
        return outcome instanceof AliasOutcome.ConnectionLost ? "rejected CHANNEL_CLOSED" : outcome.toString();
    }

    private static String error(JsonNode error) {
        if (!error.has("code")) {
            return Vectors.text(error, "message");
        }
        String code = Vectors.text(error, "code");
        return error.has("cause") ? code + " " + Vectors.text(Vectors.field(error, "cause"), "message") : code;
    }

    private static List<String> heard(List<AliasServerEvent> events) {
        List<String> heard = new ArrayList<>();
        for (AliasServerEvent event : events) {
            if (event instanceof AliasServerEvent.ConnectionOpen e) {
                heard.add("connection-open"
                        + words(
                                "uid", e.uid(),
                                "remotePublicKey", e.remotePublicKey(),
                                "remoteAddress", e.remoteAddress()));
            } else if (event instanceof AliasServerEvent.ConnectionError e) {
                heard.add("connection-error"
                        + words("error", e.error(), "uid", e.uid(), "remotePublicKey", e.remotePublicKey()));
            } else if (event instanceof AliasServerEvent.ConnectionClose e) {
                heard.add("connection-close" + words("uid", e.uid(), "remotePublicKey", e.remotePublicKey()));
            } else if (event instanceof AliasServerEvent.Unauthorised e) {
                heard.add("alias-unauthorised"
                        + words(
                                "uid", e.uid(),
                                "remotePublicKey", e.remotePublicKey(),
                                "targetPublicKey", e.targetPublicKey(),
                                "alias", e.alias(),
                                "remoteAddress", e.remoteAddress()));
            } else if (event instanceof AliasServerEvent.Requested e) {
                heard.add("alias-request"
                        + words(
                                "uid", e.uid(),
                                "remotePublicKey", e.remotePublicKey(),
                                "targetPublicKey", e.targetPublicKey(),
                                "alias", e.alias(),
                                "hostname", e.hostname(),
                                "service", e.service()));
            } else if (event instanceof AliasServerEvent.Succeeded e) {
                heard.add("alias-success"
                        + words(
                                "uid", e.uid(),
                                "alias", e.alias(),
                                "remotePublicKey", e.remotePublicKey(),
                                "targetPublicKey", e.targetPublicKey(),
                                "updated", e.updated()));
            } else if (event instanceof AliasServerEvent.Failed e) {
                heard.add("alias-error"
                        + words(
                                "uid", e.uid(),
                                "remotePublicKey", e.remotePublicKey(),
                                "error", String.valueOf(e.error().getMessage())));
            }
        }
        return heard;
    }

    private static String words(Object... namesAndValues) {
        Map<String, String> fields = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            fields.put(
                    (String) namesAndValues[i],
                    value instanceof PublicKey key ? key.bytes().toHex() : value.toString());
        }
        return fields.toString();
    }

    private static String words(JsonNode payload) {
        Map<String, String> fields = new TreeMap<>();
        payload.properties().forEach(property -> {
            JsonNode value = property.getValue();
            String text = value.isObject() ? Vectors.text(value, "message") : value.asString();
            fields.put(
                    property.getKey(),
                    switch (text) {
                        case "(undefined)" -> "false";
                        case "yes" -> "true";
                        default -> text;
                    });
        });
        return fields.toString();
    }
}
