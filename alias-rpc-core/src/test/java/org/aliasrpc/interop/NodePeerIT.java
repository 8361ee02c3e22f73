package org.aliasrpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The harness itself: what the tests of interoperability believe of their counterparts. */
@RequiresTool("node")
@Timeout(120)
class NodePeerIT {
    private static NodePeer peer;

    @BeforeAll
    static void start() {
        peer = NodePeer.start();
    }

    @AfterAll
    static void stop() {
        peer.close();
    }

    @Test
    void answersCommandsAndTellsEvents() {
        JsonNode left = peer.call("udx", Map.of("streamId", 1));
        JsonNode right = peer.call("udx", Map.of("streamId", 2));
        connect(left, 2, right);
        connect(right, 1, left);

        JsonNode sent = peer.call("udx-send", Map.of("ref", left.path("ref"), "bytes", 100_000));

        PeerEvent received = peer.awaitEvent(right.path("ref").asString(), "received");
        assertThat(received.fields()).isEqualTo(sent);
    }

    @Test
    void aFailureCarriesWhatThePeerSaid() {
        assertThatExceptionOfType(NodePeerException.class)
                .isThrownBy(() -> peer.call("no-such-command", Map.of()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("No such command: no-such-command"));
    }

    @Test
    void aCommandToADeadPeerFailsAtOnce() {
        NodePeer dead = NodePeer.start();
        dead.kill();

        assertThatExceptionOfType(NodePeerException.class)
                .isThrownBy(() -> dead.call("usage", Map.of()))
                .withMessageContaining("has ended");
    }

    @Test
    void endsWithItsInput() {
        NodePeer other = NodePeer.start();
        long pid = other.pid();

        other.close();

        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    private static void connect(JsonNode from, int remoteId, JsonNode to) {
        peer.call("udx-connect", Map.of("ref", from.path("ref"), "remoteId", remoteId, "port", to.path("port")));
    }
}
