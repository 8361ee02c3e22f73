package org.aliasrpc.benchmark;

import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.DhPublicKey;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.crypto.Signatures;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.HandshakeResult;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.noise.NoiseException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What opening a connection costs the event loop: key agreement, its checks, signatures, a whole handshake. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HandshakeBenchmark {
    private final Random random = new Random(1);
    private final KeyPair client = KeyPair.generate(random);
    private final KeyPair server = KeyPair.generate(random);
    private final DhPublicKey checked = Objects.requireNonNull(DhPublicKey.of(server.publicKey()));
    private final Bytes message = Bytes.wrap(new byte[100]);
    private final Bytes signature = client.sign(message);

    /** A new ephemeral pair. */
    @Benchmark
    public KeyPair generate() {
        return KeyPair.generate(random);
    }

    /** Checks and prepares a received key. */
    @Benchmark
    public Object check() {
        return Objects.requireNonNull(DhPublicKey.of(server.publicKey()));
    }

    /** One Diffie-Hellman with a checked key. */
    @Benchmark
    public SecretBytes agree() {
        return checked.agree(client);
    }

    /** Signs an announcement. */
    @Benchmark
    public Bytes sign() {
        return client.sign(message);
    }

    /** Verifies an announcement. */
    @Benchmark
    public boolean verify() {
        return Signatures.verify(client.publicKey(), message, signature);
    }

    /** Both sides of an IK handshake. */
    @Benchmark
    public HandshakeResult bothSides() throws NoiseException {
        HandshakeState first =
                HandshakeState.initiator(HandshakePattern.IK, Bytes.EMPTY, client, server.publicKey(), random);
        HandshakeState second = HandshakeState.responder(HandshakePattern.IK, Bytes.EMPTY, server, random);
        second.readMessage(first.writeMessage(Bytes.EMPTY));
        first.readMessage(second.writeMessage(Bytes.EMPTY));
        second.split();
        return first.split();
    }
}
