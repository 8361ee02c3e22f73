package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.sim.SimLink;
import org.aliasrpc.sim.SimNetwork;

/** Two nodes with one stream between them, on a simulated network. */
final class UdxPair {
    static final PeerAddress A = PeerAddress.of("10.0.0.1", 1001);
    static final PeerAddress B = PeerAddress.of("10.0.0.2", 1002);
    static final SocketId SOCKET = SocketId.SERVER;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1000 * MILLI;

    final SimNetwork network;
    final UdxNode nodeA;
    final UdxNode nodeB;
    final UdxStream a;
    final UdxStream b;

    UdxPair(long seed, SimLink link, UdxConfig configA, UdxConfig configB, int seqA, int seqB) {
        network = new SimNetwork(seed).defaultLink(link);
        nodeA = new UdxNode(configA, seed);
        nodeB = new UdxNode(configB, seed + 1);
        network.bind(nodeA, SOCKET, A).bind(nodeB, SOCKET, B);
        a = nodeA.endpoint.createStream(1, Firewall.REFUSE_ALL, seqA, seqB);
        b = nodeB.endpoint.createStream(2, Firewall.REFUSE_ALL, seqB, seqA);
        a.connect(SOCKET, 2, B);
        b.connect(SOCKET, 1, A);
    }

    UdxPair(long seed, SimLink link) {
        this(seed, link, UdxConfig.DEFAULT, UdxConfig.DEFAULT, 0, 0);
    }

    /** A perfect network of 1 ms each way. */
    UdxPair() {
        this(1, SimLink.PERFECT);
    }

    UdxNode.Inbox inA() {
        return nodeA.inbox(a);
    }

    UdxNode.Inbox inB() {
        return nodeB.inbox(b);
    }

    String textAtB() {
        return inB().bytes.toString(StandardCharsets.UTF_8);
    }

    /** Has both nodes finish their turns and runs for a while. */
    void run(long nanos) {
        touch();
        network.runFor(nanos);
    }

    void touch() {
        network.touch(nodeA);
        network.touch(nodeB);
    }

    static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
