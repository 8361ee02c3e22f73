package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes over a connection that is open. */
class ConnectionSimTest {
    private static final KeyPair SERVER = SimPeer.keyPair(500);

    private final SimTestnet net = new SimTestnet(1, 0);
    private SimPeer server = net.startBootstrap();
    private SimPeer client = server;
    private Connection connection = Connection.connecting(server.node.core, SERVER.publicKey(), SERVER.publicKey());

    @BeforeEach
    void connect() {
        net.startNode();
        net.settle();
        server = net.startOpen();
        client = net.startOpen();
        net.network.runUntil(() -> server.isReady() && client.isReady(), SimTestnet.seconds(10));
        Listener listener = server.listen(SERVER);
        net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(10));
        connection = client.connect(SERVER);
        net.network.runUntil(() -> connection.isOpen() && !server.accepted.isEmpty(), SimTestnet.seconds(10));
        assertThat(connection.isOpen()).isTrue();
    }

    private Connection accepted() {
        return server.accepted.get(0);
    }

    @Test
    void aReaderThatSleepsStopsTheWriterAndLosesNothing() {
        server.echo = false;
        server.reading = false;
        Random random = new Random(1);
        CRC32 written = new CRC32();
        byte[] chunk = new byte[60_000];
        int chunks = 0;
        while (connection.isWritable() && chunks < 400) {
            random.nextBytes(chunk);
            written.update(chunk);
            connection.write(Bytes.copyOf(chunk), net.network.now());
            net.network.touch(client);
            net.network.runFor(5_000_000);
            chunks++;
        }
        assertThat(connection.isWritable()).isFalse();
        net.network.runFor(SimTestnet.seconds(20));
        long stuck = connection.bufferedBytes();
        assertThat(stuck).isGreaterThan(200_000);
        net.network.runFor(SimTestnet.seconds(10));
        assertThat(connection.bufferedBytes()).isBetween(stuck, stuck + 100); // and keep-alives
        assertThat(client.events(connection)).doesNotContain(new ConnectionEvent.Drained());

        server.reading = true;
        net.network.touch(server);
        int total = chunks;
        assertThat(net.network.runUntil(() -> server.events(accepted()).size() == total, SimTestnet.seconds(60)))
                .isTrue();
        CRC32 read = new CRC32();
        server.events(accepted())
                .forEach(event ->
                        read.update(((ConnectionEvent.Message) event).body().duplicate()));
        assertThat(read.getValue()).isEqualTo(written.getValue());
        net.network.runFor(SimTestnet.seconds(1));
        assertThat(client.events(connection)).contains(new ConnectionEvent.Drained());
        assertThat(connection.isWritable()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 0.0", "2, 0.1", "3, 0.3"})
    void messagesOfAllSizesArriveWhole(long seed, double loss) {
        net.network.defaultLink(
                SimLink.PERFECT.withLoss(loss).withDuplicate(loss / 3).withReorder(loss / 2));
        Random random = new Random(seed);
        int[] sizes = {1, 2, 17, 1000, 1200, 5000, 70_000, 1};
        for (int size : sizes) {
            byte[] message = new byte[size];
            random.nextBytes(message);
            connection.write(Bytes.wrap(message), net.network.now());
        }
        net.network.touch(client);
        assertThat(net.network.runUntil(
                        () -> client.events(connection).size() == sizes.length, SimTestnet.seconds(300)))
                .isTrue();
        Random again = new Random(seed);
        for (int i = 0; i < sizes.length; i++) {
            byte[] message = new byte[sizes[i]];
            again.nextBytes(message);
            ConnectionEvent.Message echoed =
                    (ConnectionEvent.Message) client.events(connection).get(i);
            assertThat(echoed.body()).isEqualTo(ByteBuffer.wrap(message));
        }
    }

    @Test
    void anIdleConnectionLives() {
        net.network.runFor(SimTestnet.seconds(600));
        assertThat(client.events(connection)).isEmpty();
        client.send(connection, "still there");
        assertThat(net.network.runUntil(
                        () -> client.messages(connection).contains("still there"), SimTestnet.seconds(2)))
                .isTrue();
    }

    @Test
    void aPeerThatVanishesIsNoticed() {
        server.kill();
        assertThat(net.network.runUntil(() -> client.isClosed(connection), SimTestnet.seconds(300)))
                .isTrue();
        assertThat(client.events(connection))
                .containsExactly(new ConnectionEvent.Closed(ConnectionEvent.CloseReason.TIMED_OUT));
        assertThat(client.node.connectionCount()).isZero();
    }

    @Test
    void destroyingTellsThePeer() {
        client.send(connection, "last words");
        net.network.runFor(10_000_000);
        connection.destroy();
        net.network.touch(client);
        net.network.runFor(10_000_000);
        assertThat(client.events(connection))
                .endsWith(new ConnectionEvent.Closed(ConnectionEvent.CloseReason.DESTROYED));
        assertThat(server.messages(accepted())).containsExactly("last words");
        assertThat(server.events(accepted())).endsWith(new ConnectionEvent.Closed(ConnectionEvent.CloseReason.RESET));
        assertThat(connection.write(Bytes.utf8("too late"), net.network.now())).isFalse();
        assertThat(server.node.core.udx.streamCount()).isZero();
        assertThat(client.node.core.udx.streamCount()).isZero();
    }

    @Test
    void endingIsOrderly() {
        client.send(connection, "question");
        connection.end();
        assertThatThrownBy(() -> connection.write(Bytes.utf8("more"), net.network.now()))
                .isInstanceOf(IllegalStateException.class);
        net.network.touch(client);
        net.network.runFor(SimTestnet.seconds(1));
        assertThat(client.messages(connection)).containsExactly("question");
        assertThat(client.events(connection))
                .endsWith(
                        new ConnectionEvent.RemoteEnded(),
                        new ConnectionEvent.Closed(ConnectionEvent.CloseReason.ENDED));
        assertThat(server.events(accepted())).endsWith(new ConnectionEvent.Closed(ConnectionEvent.CloseReason.ENDED));
        assertThat(client.node.core.udx.streamCount()).isZero();
    }

    @Test
    void bytesThatDoNotDecryptEndTheConnectionAfterWhatWasInOrder() {
        server.echo = false;
        client.send(connection, "in order");
        net.network.runFor(10_000_000);
        // What nobody with the keys would write: straight into the stream below.
        client.node.core.connections.forEach(
                each -> Objects.requireNonNull(each.stream()).write(ByteBuffer.wrap(new byte[40])));
        net.network.touch(client);
        net.network.runFor(10_000_000);
        assertThat(server.messages(accepted())).containsExactly("in order");
        assertThat(server.events(accepted()))
                .endsWith(new ConnectionEvent.Closed(ConnectionEvent.CloseReason.INVALID_DATA));
        assertThat(client.events(connection)).endsWith(new ConnectionEvent.Closed(ConnectionEvent.CloseReason.RESET));
    }

    @Test
    void closingTheNodeDestroysItsConnections() {
        client.node.close(net.network.now());
        net.network.touch(client);
        net.network.runFor(10_000_000);
        assertThat(client.events(connection))
                .containsExactly(new ConnectionEvent.Closed(ConnectionEvent.CloseReason.DESTROYED));
        assertThat(server.events(accepted()))
                .containsExactly(new ConnectionEvent.Closed(ConnectionEvent.CloseReason.RESET));
        assertThat(client.events(HyperDhtEvent.Closed.class)).hasSize(1);
        assertThat(client.node.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }
}
