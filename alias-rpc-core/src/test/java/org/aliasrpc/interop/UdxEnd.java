package org.aliasrpc.interop;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.udx.UdxEvent;
import org.aliasrpc.udx.UdxStream;
import org.jspecify.annotations.Nullable;

/** One stream of a {@link JavaUdx}: sends and receives counted and hashed bytes. Its fields belong to the loop. */
final class UdxEnd {
    private static final int CHUNK_BYTES = 64 << 10;

    final UdxStream stream;
    private final JavaUdx owner;
    private final boolean echoes;
    private final Checksum incoming = new Checksum();
    private final CompletableFuture<Transfer> received = new CompletableFuture<>();
    private final CompletableFuture<UdxEvent.CloseReason> closed = new CompletableFuture<>();
    private final CompletableFuture<Boolean> remoteChanged = new CompletableFuture<>();
    private final List<Bytes> messages = new ArrayList<>();
    private @Nullable Pour pour;
    private boolean holdsBack;
    private int held;

    UdxEnd(JavaUdx owner, UdxStream stream, boolean echoes) {
        this.owner = owner;
        this.stream = stream;
        this.echoes = echoes;
    }

    /**
     * What went one way.
     *
     * @param bytes how many
     * @param sha256 their hash, in hex
     */
    record Transfer(long bytes, String sha256) {}

    void connect(int remoteId, int remotePort) {
        owner.onLoop(() -> {
            stream.connect(SocketId.SERVER, remoteId, JavaUdx.loopback(remotePort));
            return true;
        });
    }

    boolean changeRemote(int remoteId, int remotePort) {
        return owner.onLoop(() -> stream.changeRemote(SocketId.SERVER, remoteId, JavaUdx.loopback(remotePort)));
    }

    /** Sends that many pseudo-random bytes and ends this direction; completes when the last was handed down. */
    CompletableFuture<Transfer> pour(long bytes, long seed) {
        return owner.onLoop(() -> {
            pour = new Pour(bytes, seed);
            pour.go();
            return pour.sent;
        });
    }

    /** What the peer sent, once it has ended its direction; fails if the stream closes before. */
    CompletableFuture<Transfer> received() {
        return received;
    }

    CompletableFuture<UdxEvent.CloseReason> closed() {
        return closed;
    }

    CompletableFuture<Boolean> remoteChanged() {
        return remoteChanged;
    }

    /** Takes what arrives but does not open the window again, until {@link #letGo}. */
    void holdBack() {
        owner.onLoop(() -> holdsBack = true);
    }

    void letGo() {
        owner.onLoop(() -> {
            holdsBack = false;
            stream.consumed(held);
            held = 0;
            return true;
        });
    }

    /** Bytes that were taken while holding back. */
    int held() {
        return owner.onLoop(() -> held);
    }

    long bufferedBytes() {
        return owner.onLoop(stream::bufferedBytes);
    }

    int mtu() {
        return owner.onLoop(stream::mtu);
    }

    void destroy() {
        owner.onLoop(() -> {
            stream.destroy();
            return true;
        });
    }

    void end() {
        owner.onLoop(() -> {
            stream.end();
            return true;
        });
    }

    boolean sendMessage(Bytes content) {
        return owner.onLoop(() -> stream.sendMessage(ByteBuffer.wrap(content.toByteArray())));
    }

    List<Bytes> messages() {
        return owner.onLoop(() -> List.copyOf(messages));
    }

    /** On the loop. */
    void takeEvents() {
        for (UdxEvent event = stream.pollEvent(); event != null; event = stream.pollEvent()) {
            take(event);
        }
    }

    private void take(UdxEvent event) {
        if (event instanceof UdxEvent.Data data) {
            onData(data.bytes());
        } else if (event instanceof UdxEvent.Message message) {
            messages.add(Bytes.copyOf(message.bytes()));
        } else if (event instanceof UdxEvent.RemoteEnded) {
            received.complete(incoming.result());
            if (echoes) {
                stream.end();
            }
        } else if (event instanceof UdxEvent.Drained) {
            if (pour != null) {
                pour.go();
            }
        } else if (event instanceof UdxEvent.RemoteChanged) {
            remoteChanged.complete(true);
        } else if (event instanceof UdxEvent.Closed gone) {
            closed.complete(gone.reason());
            received.completeExceptionally(
                    new IllegalStateException("closed: " + gone.reason() + " after " + incoming.bytes + " bytes"));
        }
    }

    private void onData(ByteBuffer bytes) {
        int length = bytes.remaining();
        incoming.add(bytes.duplicate());
        if (echoes) {
            stream.write(bytes);
        }
        if (holdsBack) {
            held += length;
        } else {
            stream.consumed(length);
        }
    }

    /** Writes while there is room. */
    private final class Pour {
        private final CompletableFuture<Transfer> sent = new CompletableFuture<>();
        private final Checksum outgoing = new Checksum();
        private final SplittableRandom random;
        private long left;

        Pour(long bytes, long seed) {
            this.left = bytes;
            this.random = new SplittableRandom(seed);
        }

        void go() {
            boolean room = true;
            while (left > 0 && room) {
                byte[] chunk = new byte[(int) Math.min(left, CHUNK_BYTES)];
                random.nextBytes(chunk);
                outgoing.add(ByteBuffer.wrap(chunk));
                left -= chunk.length;
                room = stream.write(ByteBuffer.wrap(chunk));
            }
            if (left == 0 && !sent.isDone()) {
                stream.end();
                sent.complete(outgoing.result());
            }
        }
    }

    private static final class Checksum {
        private final MessageDigest digest;
        private long bytes;

        Checksum() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e); // every JDK has it
            }
        }

        void add(ByteBuffer data) {
            bytes += data.remaining();
            digest.update(data);
        }

        Transfer result() {
            return new Transfer(bytes, HexFormat.of().formatHex(digest.digest()));
        }
    }
}
