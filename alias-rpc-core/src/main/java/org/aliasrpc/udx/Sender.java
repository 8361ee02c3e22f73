package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a stream: what may leave when, and what an acknowledgement changes (udx.md §6.2 steps 5 to 14, §8,
 * §9.5, §11 to §14). Writes no packets: {@link #next} names the one to write.
 */
final class Sender {
    /** Bytes queued beyond one window before the application is asked to wait (udx.md §21.1). */
    private static final long HIGH_WATER = 256 << 10;

    /** Timeouts in a row, without any progress, after which the peer is taken for dead (udx.md §13). */
    private static final int MAX_TIMEOUTS = 7;

    final RttEstimator rtt = new RttEstimator();
    private final SendQueue queue = new SendQueue();
    private final StreamTimer timer = new StreamTimer();
    private final DeliveryRate rate = new DeliveryRate();
    private final AckSample sample = new AckSample();
    private final Pacer pacer = new Pacer();
    private final SentPackets sent;
    private final MtuSearch mtu;
    private final LossDetector loss;
    private final CongestionController congestion;
    private final PeerWindow peerWindow;
    private final PathChange change = new PathChange();

    private @Nullable Path path;
    private boolean ending;
    private boolean endSent;
    private int timeouts;
    private long pacingDeadline = StreamTimer.NEVER;
    private boolean windowLimited;
    private boolean tailProbeDue;
    private boolean heartbeatDue;
    private long keepAliveNanos;
    /**
     * @param initialSeq the number of the first packet
     * @param remoteSeq the number of the peer's first packet
     */
    Sender(int initialSeq, int remoteSeq, UdxConfig config) {
        sent = new SentPackets(initialSeq);
        mtu = new MtuSearch(config.maxMtu());
        loss = new LossDetector(sent, rtt, mtu);
        congestion = switch (config.congestion()) {
            case CUBIC -> new Cubic();
            case BBR -> new Bbr();
        };
        peerWindow = new PeerWindow(remoteSeq, initialSeq);
    }

    void connect(Path to) {
        path = to;
        mtu.reset(to.address().isIpv4());
    }

    /**
     * Sends to another place from now on; what was sent already is repeated to the old one (udx.md §18).
     *
     * @return false if an earlier change is not complete
     */
    boolean changePath(Path to) {
        if (change.isPending()) {
            return false;
        }
        connect(to);
        change.begin(sent);
        return true;
    }

    /** Whether a change of path became complete; true once. */
    boolean pollChanged() {
        return change.pollComplete();
    }

    void write(ByteBuffer bytes) {
        queue.add(bytes);
    }

    long bufferedBytes() {
        return queue.length() + sent.openBytes();
    }

    /** The number of the oldest packet that is not acknowledged. */
    int oldestOpenSeq() {
        return sent.una();
    }

    boolean isWritable() {
        return bufferedBytes() < HIGH_WATER + Math.min((long) congestion.window() * mss(), peerWindow.bytes());
    }

    void end() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    /** Whether END and all before it is acknowledged. */
    boolean ended() {
        return endSent && sent.isEmpty();
    }

    /** Whether a bare END is all that is not acknowledged. */
    boolean onlyEndIsOpen() {
        return endSent && sent.next() - sent.una() == 1 && sent.openBytes() == 0;
    }

    /** The number of the next new packet; what packets without a number of their own carry. */
    int nextSeq() {
        return sent.next();
    }

    int mss() {
        return mtu.mss();
    }

    int mtu() {
        return mtu.mtu();
    }

    void setKeepAlive(long nanos) {
        keepAliveNanos = nanos;
        if (timer.mode() == StreamTimer.Mode.KEEP_ALIVE) {
            timer.stop(); // started again with the new interval, or not at all
        }
    }

    /** Whether a heartbeat is to be sent; true once. */
    boolean pollHeartbeat() {
        boolean due = heartbeatDue;
        heartbeatDue = false;
        return due;
    }

    /** When {@link #onTimeout} is wanted. */
    long deadline() {
        return Math.min(timer.deadline(), pacingDeadline);
    }

    void clear() {
        queue.clear();
        sent.clear();
        timer.stop();
        pacingDeadline = StreamTimer.NEVER;
    }

    /** Takes ack, window and SACK blocks of a packet whose ack is not ahead of {@link #nextSeq}. */
    void onAck(Packet packet, long nowNanos) {
        int ack = packet.ack();
        peerWindow.onPacket(packet, sent.una());
        if (!peerWindow.isClosed() && timer.mode() == StreamTimer.Mode.ZERO_WINDOW) {
            timer.stop();
        }
        sample.inFlightBefore = sent.inFlight();
        sample.acked = 0;
        sample.rttNanos = 0;
        boolean advanced = ack - sent.una() > 0;
        if (advanced) {
            timeouts = 0;
            if (loss.onAdvanced(ack)) {
                congestion.onRecovered();
            }
            acknowledge(sent.una(), ack, nowNanos);
            sent.advance(ack);
            change.onAdvanced(ack);
        }
        for (int block = 0, count = packet.sackCount(); block < count; block++) {
            int start = packet.sackStart(block);
            int end = packet.sackEnd(block);
            boolean valid =
                    start - sent.una() >= 0 && start - sent.next() < 0 && end - start > 0 && end - sent.next() <= 0;
            if (valid) { // else skipped; the rest of the packet is good (udx.md §2.2)
                acknowledge(start, end, nowNanos);
            }
        }
        if (sample.acked > 0) {
            onNews(nowNanos);
        }
        if (sample.acked > 0 || advanced) {
            rearm(advanced, nowNanos);
        }
    }

    private void acknowledge(int from, int to, long nowNanos) {
        for (int seq = sent.nextOpen(from, to); seq != to; seq = sent.nextOpen(seq + 1, to)) {
            SentPacket packet = sent.get(seq);
            if (packet == null) {
                continue;
            }
            sent.remove(packet);
            sample.acked++;
            long elapsed = nowNanos - packet.sentNanos;
            if (!packet.retransmitted()) { // else nobody knows which sending it answers
                rtt.onSample(elapsed, nowNanos);
                sample.rttNanos = sample.rttNanos == 0 ? Math.max(1, elapsed) : Math.min(sample.rttNanos, elapsed);
            }
            loss.onAcked(packet, nowNanos);
            rate.onAcked(packet, nowNanos);
            mtu.onDelivered();
            if (packet.probeSize > 0) {
                mtu.onProbeAcked(packet.probeSize);
            }
        }
    }

    private void onNews(long nowNanos) {
        int congested = loss.detect(nowNanos);
        if (congested > 0 && loss.enterRecovery()) {
            congestion.onRecovery(sent.inFlight());
            tailProbeDue = false;
        }
        sample.nowNanos = nowNanos;
        sample.lost = congested;
        sample.inFlightAfter = sent.inFlight();
        sample.smoothedRttNanos = rtt.smoothed();
        sample.mss = mss();
        sample.recovering = loss.state() != LossDetector.State.OPEN;
        sample.windowLimited = windowLimited || sample.inFlightBefore >= congestion.window();
        rate.finish(sample, rtt.minimum());
        congestion.onAck(sample);
        windowLimited = false;
    }

    private void rearm(boolean advanced, long nowNanos) {
        if (sent.isEmpty()) {
            timer.stop();
            tailProbeDue = false;
            boolean waiting = queue.length() > 0 || (ending && !endSent);
            if (waiting && peerWindow.isClosed()) {
                timer.startZeroWindow(nowNanos + rtt.rto());
            }
            return; // keepalive starts when the rest has been sent
        }
        if (advanced) {
            timer.startRto(nowNanos + rtt.rto());
        } else {
            timer.resumeRto();
        }
        if (loss.reorderDeadline() != 0) {
            timer.startReorder(loss.reorderDeadline());
        } else {
            armTailProbe(nowNanos);
        }
    }

    private void armTailProbe(long nowNanos) {
        if (loss.mayProbe()) {
            timer.startTailProbe(nowNanos + loss.tailProbeNanos());
        }
    }

    /**
     * Does what is due.
     *
     * @return false if the peer is taken for dead
     */
    boolean onTimeout(long nowNanos) {
        if (pacingDeadline <= nowNanos) {
            pacingDeadline = StreamTimer.NEVER;
        }
        if (timer.deadline() > nowNanos) {
            return true;
        }
        switch (timer.mode()) {
            case RTO -> {
                return onRetransmissionTimeout(nowNanos);
            }
            case REORDER -> {
                if (loss.detect(nowNanos) > 0 && loss.enterRecovery()) {
                    congestion.onRecovery(sent.inFlight());
                }
                timer.resumeRto();
                if (loss.reorderDeadline() != 0) {
                    timer.startReorder(loss.reorderDeadline());
                } else {
                    armTailProbe(nowNanos);
                }
            }
            case TAIL_PROBE -> {
                tailProbeDue = true;
                if (loss.onTailProbe()) {
                    timer.startRto(nowNanos + rtt.rto());
                } else {
                    timer.resumeRto();
                }
                armTailProbe(nowNanos);
            }
            case ZERO_WINDOW -> {
                heartbeatDue = true;
                timer.startZeroWindow(nowNanos + 2 * rtt.rto());
            }
            case KEEP_ALIVE -> {
                heartbeatDue = true;
                timer.startKeepAlive(nowNanos + keepAliveNanos);
            }
            case NONE -> throw new IllegalStateException("a timer that does not run has no deadline");
        }
        return true;
    }

    private boolean onRetransmissionTimeout(long nowNanos) {
        timeouts++;
        if (timeouts >= MAX_TIMEOUTS) {
            return false;
        }
        tailProbeDue = false;
        loss.onTimeout(nowNanos);
        congestion.onTimeout(sent.inFlight());
        timer.startRto(nowNanos + 2 * rtt.rto()); // not doubled further (udx.md §12.2)
        armTailProbe(nowNanos);
        if (path != null) {
            change.abandonOld(sent, path);
        }
        return true;
    }

    /**
     * The packet to write now, or null. It counts as sent; {@link SentPacket#path} tells where to.
     */
    @Nullable
    SentPacket next(long nowNanos) {
        if (path == null) {
            return null;
        }
        if (tailProbeDue) {
            tailProbeDue = false;
            SentPacket probe = tailProbe(path, nowNanos);
            if (probe != null) {
                return probe;
            }
        }
        SentPacket lost = sent.firstLost();
        if (lost == null) {
            return nextNew(path, nowNanos);
        }
        if (sent.inFlight() >= congestion.window()) {
            windowLimited = true;
            return null;
        }
        if (!mayPace(nowNanos)) {
            return null;
        }
        onSent(lost, nowNanos);
        return lost;
    }

    private @Nullable SentPacket nextNew(Path to, long nowNanos) {
        if (queue.length() == 0 && (!ending || endSent)) {
            if (sent.inFlight() < congestion.window()) {
                rate.onApplicationLimited(sent.inFlight());
            }
            armKeepAlive(nowNanos);
            return null;
        }
        if (sent.inFlight() >= congestion.window()) {
            windowLimited = true;
            return null;
        }
        if (sent.inFlight() >= peerWindow.packets(mss()) || sent.isFull()) {
            rate.onApplicationLimited(sent.inFlight()); // the peer limits, not the path
            if (sent.isEmpty() && timer.mode() != StreamTimer.Mode.ZERO_WINDOW) {
                heartbeatDue = true;
                timer.startZeroWindow(nowNanos + rtt.rto());
            }
            return null;
        }
        if (!mayPace(nowNanos)) {
            return null;
        }
        return sendNew(to, true, nowNanos);
    }

    private @Nullable SentPacket tailProbe(Path to, long nowNanos) {
        boolean waiting = queue.length() > 0 || (ending && !endSent);
        if (waiting && sent.lostCount() == 0 && !peerWindow.isClosed() && !sent.isFull()) {
            return sendNew(to, false, nowNanos);
        }
        SentPacket repeated = loss.tailProbe();
        if (repeated != null) {
            onSent(repeated, nowNanos);
        }
        return repeated;
    }

    private SentPacket sendNew(Path to, boolean mayBeProbe, long nowNanos) {
        int length = (int) Math.min(queue.length(), mss());
        boolean last = ending && queue.length() == length;
        int flags = (length > 0 ? Packet.DATA : 0) | (last ? Packet.END : 0);
        SentPacket packet = new SentPacket(sent.next(), flags, queue.take(length), to);
        if (mayBeProbe && length > 0 && !change.isPending()) {
            int padding = mtu.probePadding(length);
            if (padding >= 0) {
                packet.padding = padding;
                packet.probeSize = mtu.target();
            }
        }
        endSent |= last;
        sent.add(packet);
        onSent(packet, nowNanos);
        if (mayBeProbe && timer.mode() != StreamTimer.Mode.REORDER) {
            armTailProbe(nowNanos);
        }
        return packet;
    }

    private void onSent(SentPacket packet, long nowNanos) {
        rate.onSent(packet, sent.inFlight(), nowNanos);
        packet.sentNanos = nowNanos;
        packet.sendings++;
        sent.onSent(packet);
        pacer.onSent(Packet.HEADER_LENGTH + packet.padding + packet.payload.length());
        if (!timer.isRetransmission()) {
            timer.startRto(nowNanos + rtt.rto());
        }
    }

    private boolean mayPace(long nowNanos) {
        double bytesPerSecond = congestion.pacingRate();
        if (pacer.maySend(bytesPerSecond, nowNanos)) {
            pacingDeadline = StreamTimer.NEVER;
            return true;
        }
        pacingDeadline = pacer.nextNanos(bytesPerSecond);
        return false;
    }

    private void armKeepAlive(long nowNanos) {
        if (keepAliveNanos > 0 && sent.isEmpty() && timer.mode() == StreamTimer.Mode.NONE) {
            timer.startKeepAlive(nowNanos + keepAliveNanos);
        }
    }
}
