package org.aliasrpc.alias;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.rpc.CallConnections;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Registrations without a network: the messages alone, the server's part of one (from the request's frame to the
 * answer's), and a whole one with client and server. The Node reference needs about 20 µs for a warm one in all.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
public class AliasBenchmark {
    private static final PublicKey SERVER = new PublicKey(Bytes.fromHex("11".repeat(32)));
    private static final PublicKey CLIENT = new PublicKey(Bytes.fromHex("22".repeat(32)));
    private static final SecretBytes SECRET =
            SecretBytes.copyOf(Bytes.fromHex("55".repeat(32)).toByteArray());
    private static final Registration REGISTRATION =
            new Registration("my-alias", new PublicKey(Bytes.fromHex("aa".repeat(32))), "my-host", "my-service");

    private final AliasRequest request = new AliasRequest(SECRET, REGISTRATION);
    private final Bytes encoded = AliasRequestCodec.INSTANCE.encode(request);
    private final AliasClient client = new AliasClient(SERVER, SECRET, AliasClientOptions.POOLED, new Random(1));
    private final CallConnections connections = client.connections();
    private final AliasServerSession session = new AliasServerSession(
            AliasConnection.accepted(CLIENT, PeerAddress.of("127.0.0.1", 40000), new Random(2)),
            SecretCheck.anyOf(List.of(SECRET)),
            AliasServerLimits.DEFAULT,
            0);
    private byte[] frame = new byte[0];
    private long nowNanos;

    /** One registration, so that the channel is open; its request serves as the server's input. */
    @Setup
    public void open() {
        client.register(REGISTRATION, Long.MAX_VALUE, 0);
        exchange();
        client.register(REGISTRATION, Long.MAX_VALUE, 0);
        client.pollEvent();
        frame = Bytes.copyOf(firstFrame()).toByteArray();
        session.onFrame(ByteBuffer.wrap(frame), 0);
        exchange();
    }

    @Benchmark
    public Bytes encodeRequest() {
        return AliasRequestCodec.INSTANCE.encode(request);
    }

    @Benchmark
    public Object decodeRequest() throws DecodeException {
        return AliasRequestCodec.INSTANCE.decode(encoded);
    }

    /** The request's id repeats: nobody minds. */
    @Benchmark
    public @Nullable ByteBuffer serveRequest() {
        session.onFrame(ByteBuffer.wrap(frame), 0);
        serve();
        return session.pollFrame();
    }

    @Benchmark
    public int registration() {
        nowNanos += 1000;
        client.register(REGISTRATION, nowNanos + 1_000_000_000, nowNanos);
        return exchange();
    }

    private int exchange() {
        int finished = 0;
        boolean progress = true;
        while (progress) {
            progress = false;
            for (AliasClientEvent event = client.pollEvent(); event != null; event = client.pollEvent()) {
                if (event instanceof AliasClientEvent.ConnectRequested wish) {
                    connections.onConnected(wish.connectionId(), Bytes.EMPTY, nowNanos);
                } else if (event instanceof AliasClientEvent.Finished) {
                    finished++;
                }
            }
            for (long id = connections.pollSendable(); id != CallConnections.NONE; id = connections.pollSendable()) {
                for (ByteBuffer f = connections.pollFrame(id); f != null; f = connections.pollFrame(id)) {
                    session.onFrame(f, nowNanos);
                }
            }
            serve();
            for (ByteBuffer f = session.pollFrame(); f != null; f = session.pollFrame()) {
                connections.onFrame(1, f, nowNanos);
                progress = true;
            }
        }
        return finished;
    }

    private void serve() {
        for (AliasServerEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
            if (event instanceof AliasServerEvent.PutRequested put) {
                session.onPutResult(put.requestId(), false);
            }
        }
    }

    private ByteBuffer firstFrame() {
        ByteBuffer first = connections.pollFrame(1);
        if (first == null) {
            throw new IllegalStateException("nothing to send");
        }
        return first;
    }
}
