package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.sim.SimNetwork;

/** Notes the packets of a simulated network, and drops those a test names. */
final class Recorder implements SimNetwork.Tap {
    final List<Seen> all = new ArrayList<>();
    private final Map<Integer, Integer> sendings = new HashMap<>();
    private final Dropper dropper;

    Recorder(Dropper dropper) {
        this.dropper = dropper;
    }

    Recorder() {
        this(packet -> false);
    }

    @Override
    public boolean onSend(PeerAddress from, PeerAddress to, ByteBuffer datagram, long nowNanos) {
        Packet packet = new Packet();
        try {
            packet.wrap(datagram);
        } catch (DecodeException e) {
            throw new AssertionError("not sent by UDX", e);
        }
        byte[] payload = new byte[packet.payloadLength()];
        packet.copyPayload(payload, 0);
        boolean fromA = from.host().equals(UdxPair.A.host());
        int sending = 0;
        if (fromA && packet.has(Packet.DATA | Packet.END)) {
            sending = sendings.merge(packet.seq(), 1, Integer::sum);
        }
        List<int[]> sacks = new ArrayList<>();
        for (int i = 0; i < packet.sackCount(); i++) {
            sacks.add(new int[] {packet.sackStart(i), packet.sackEnd(i)});
        }
        Seen seen = new Seen(
                fromA,
                from,
                to,
                nowNanos,
                packet.flags(),
                packet.dataOffset(),
                packet.streamId(),
                packet.rwnd(),
                packet.seq(),
                packet.ack(),
                sending,
                sacks,
                ByteBuffer.wrap(payload));
        all.add(seen);
        return !dropper.drops(seen);
    }

    /** Data and END packets of A. */
    List<Seen> data() {
        return all.stream().filter(Seen::isDataOfA).toList();
    }

    /** Packets of B. */
    List<Seen> answers() {
        return all.stream().filter(seen -> !seen.fromA).toList();
    }

    /** Data packets of A that are no first sendings. */
    long repetitions() {
        return all.stream().filter(seen -> seen.sending > 1).count();
    }

    interface Dropper {
        boolean drops(Seen packet);
    }

    /**
     * @param sending how often A has sent this number, this time included; 0 for packets without one and those of B
     */
    record Seen(
            boolean fromA,
            PeerAddress from,
            PeerAddress to,
            long nanos,
            int flags,
            int padding,
            int streamId,
            long rwnd,
            int seq,
            int ack,
            int sending,
            List<int[]> sacks,
            ByteBuffer payload) {
        boolean isDataOfA() {
            return sending > 0;
        }

        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        double millis() {
            return nanos / 1e6;
        }
    }
}
