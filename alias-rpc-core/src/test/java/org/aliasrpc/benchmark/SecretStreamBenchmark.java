package org.aliasrpc.benchmark;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.noise.HandshakeResult;
import org.aliasrpc.secretstream.SecretStream;
import org.aliasrpc.secretstream.SecretStreamException;
import org.aliasrpc.secretstream.SecretStreamOptions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a message costs on both sides together: framed, encrypted, copied once, checked, decrypted. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SecretStreamBenchmark {
    /** Plaintext bytes: a small message, one that fills a packet, a large one. */
    @Param({"16", "1200", "65536"})
    int bytes;

    private final SecretStream from = stream(true, 1, 2);
    private final SecretStream to = stream(false, 2, 1);
    private Bytes message = Bytes.EMPTY;

    @Setup
    public void connect() throws SecretStreamException {
        carry(from, to);
        carry(to, from);
        message = Bytes.wrap(new byte[bytes]);
    }

    /** There and no further. */
    @Benchmark
    public ByteBuffer message() throws SecretStreamException {
        from.write(message, 0);
        carry(from, to);
        ByteBuffer received = to.pollMessage();
        if (received == null) {
            throw new IllegalStateException("lost");
        }
        return received;
    }

    private static void carry(SecretStream sender, SecretStream receiver) throws SecretStreamException {
        ByteBuffer frame = sender.pollOutput();
        if (frame == null) {
            throw new IllegalStateException("nothing sent");
        }
        receiver.onBytes(frame, 0);
    }

    private static SecretStream stream(boolean initiator, int tx, int rx) {
        PublicKey key = PublicKey.of(new byte[PublicKey.LENGTH]);
        HandshakeResult keys =
                new HandshakeResult(initiator, secret(tx), secret(rx), Bytes.wrap(new byte[64]), key, key);
        return SecretStream.established(keys, new Random(tx), SecretStreamOptions.PLAIN, 0);
    }

    private static SecretBytes secret(int seed) {
        return SecretBytes.random(new Random(seed), 32);
    }
}
