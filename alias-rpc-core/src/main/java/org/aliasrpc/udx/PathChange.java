package org.aliasrpc.udx;

/** A change of remote: complete when all that was sent before it is acknowledged (udx.md §18.4). */
final class PathChange {
    private boolean pending;
    private boolean complete;
    private int mark;

    /** Begins; complete at once if nothing is open. */
    void begin(SentPackets sent) {
        mark = sent.next();
        pending = !sent.isEmpty();
        complete = !pending;
    }

    boolean isPending() {
        return pending;
    }

    void onAdvanced(int ack) {
        if (pending && ack - mark >= 0) {
            pending = false;
            complete = true;
        }
    }

    /** Whether it became complete; true once. */
    boolean pollComplete() {
        boolean result = complete;
        complete = false;
        return result;
    }

    /**
     * After a timeout the old path is taken for dead: what is open is repeated on the new one. The reference goes on with the
     * old one; nothing in a packet tells the difference.
     */
    void abandonOld(SentPackets sent, Path path) {
        int end = sent.next();
        for (int seq = sent.nextOpen(sent.una(), end); pending && seq != end; seq = sent.nextOpen(seq + 1, end)) {
            SentPacket packet = sent.get(seq);
            if (packet != null) {
                packet.path = path;
            }
        }
    }
}
