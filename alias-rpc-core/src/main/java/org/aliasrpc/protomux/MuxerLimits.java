package org.aliasrpc.protomux;

/**
 * What bounds the memory of one muxer.
 *
 * @param maxFrameBytes longest frame that is written or read; the stream below has room for 16 777 198 bytes
 *     (protomux.md §2.2)
 * @param maxBatchBytes a batch is written once so much was gathered (protomux.md §7.4)
 * @param highWaterBytes {@code send} returns false while more than this waits to be polled
 * @param maxUnsentBytes no further input is looked at while more than this waits to be polled, so that a peer which
 *     asks without reading the answers stops itself
 * @param maxKeptBytes messages for opens that wait are kept up to this; above, no further input is looked at. A message
 *     counts 512 and its body (protomux.md §6.3)
 * @param maxWaitingOpens opens of the remote that wait for a local channel; further ones are rejected at once. The
 *     reference has no bound (protomux.md §6.7)
 * @param maxUnreadBytes frames that were handed in and could not be looked at yet; above, the stream fails. The owner
 *     never gets there if it stops reading while {@link Muxer#isPaused}
 */
public record MuxerLimits(
        int maxFrameBytes,
        int maxBatchBytes,
        int highWaterBytes,
        int maxUnsentBytes,
        int maxKeptBytes,
        int maxWaitingOpens,
        int maxUnreadBytes) {
    /** The reference's figures where it has any. */
    public static final MuxerLimits DEFAULT =
            new MuxerLimits(16_777_198, 8 << 20, 64 << 10, 16 << 20, 32_768, 64, 64 << 20);

    public MuxerLimits {
        if (maxFrameBytes < 64
                || maxBatchBytes < 1
                || highWaterBytes < 0
                || maxUnsentBytes < 0
                || maxKeptBytes < 0
                || maxWaitingOpens < 0
                || maxUnreadBytes < maxFrameBytes) {
            throw new IllegalArgumentException("limits of a muxer: " + maxFrameBytes + ", " + maxBatchBytes + ", "
                    + highWaterBytes + ", " + maxUnsentBytes + ", " + maxKeptBytes + ", " + maxWaitingOpens + ", "
                    + maxUnreadBytes);
        }
    }
}
