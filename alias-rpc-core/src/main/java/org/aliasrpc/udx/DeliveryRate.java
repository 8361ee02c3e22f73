package org.aliasrpc.udx;

/**
 * Estimates how fast packets are delivered (udx.md §14.2; the method is draft-cheng-iccrg-delivery-rate-estimation). Each
 * packet notes how many were delivered when it left; its acknowledgement compares.
 */
final class DeliveryRate {
    private long delivered;
    private long deliveredNanos;
    private long firstSentNanos;

    /** Samples are marked as limited by the application until this many packets are delivered; 0: not limited. */
    private long applicationLimitedUntil;

    private boolean sampled;
    private long priorDelivered;
    private long priorNanos;
    private long sendInterval;
    private boolean priorLimited;

    /** A packet leaves. */
    void onSent(SentPacket packet, int inFlightBefore, long nowNanos) {
        if (inFlightBefore == 0) {
            firstSentNanos = nowNanos;
            deliveredNanos = nowNanos;
        }
        packet.firstSentNanos = firstSentNanos;
        packet.deliveredNanos = deliveredNanos;
        packet.deliveredBefore = delivered;
        packet.applicationLimited = applicationLimitedUntil != 0;
    }

    /** Nothing waits, though more could be sent. */
    void onApplicationLimited(int inFlight) {
        applicationLimitedUntil = Math.max(1, delivered + inFlight);
    }

    /** A packet is acknowledged. */
    void onAcked(SentPacket packet, long nowNanos) {
        delivered++;
        deliveredNanos = nowNanos;
        if (!sampled || packet.deliveredBefore >= priorDelivered) {
            sampled = true;
            priorDelivered = packet.deliveredBefore;
            priorNanos = packet.deliveredNanos;
            priorLimited = packet.applicationLimited;
            sendInterval = packet.sentNanos - packet.firstSentNanos;
            firstSentNanos = packet.sentNanos;
        }
    }

    /** Fills the rate of the acknowledgement that was just worked through, and begins a new one. */
    void finish(AckSample sample, long minimumRtt) {
        if (applicationLimitedUntil != 0 && delivered > applicationLimitedUntil) {
            applicationLimitedUntil = 0;
        }
        sample.deliveredTotal = delivered;
        sample.rateDelivered = 0;
        sample.rateNanos = 0;
        if (sampled) {
            long interval = Math.max(sendInterval, deliveredNanos - priorNanos);
            sample.deliveredBefore = priorDelivered;
            sample.rateApplicationLimited = priorLimited;
            if (interval > 0 && interval >= minimumRtt) { // shorter ones are artefacts of compressed acknowledgements
                sample.rateDelivered = delivered - priorDelivered;
                sample.rateNanos = interval;
            }
        }
        sampled = false;
        priorDelivered = 0;
    }
}
