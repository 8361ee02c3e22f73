package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the two ends tell each other in one round of hole punching, through a node that cannot read it.
 *
 * @param error 0, or why the sender gives up ({@link PayloadError})
 * @param firewall the sender's NAT
 * @param round counts the client's rounds
 * @param connected whether the sender has seen a probe
 * @param punching whether the sender sends probes now
 * @param addresses the sender's addresses as others see them; null means the same as empty but takes no bytes
 * @param remoteAddress the receiver as the sender knows it; null when there is none
 * @param token 32 bytes to be sent back, which proves that the receiver gets packets at its host; null when there is none
 * @param remoteToken 32 bytes, the receiver's token; null when there is none
 */
record HolepunchPayload(
        long error,
        Firewall firewall,
        long round,
        boolean connected,
        boolean punching,
        @Nullable List<PeerAddress> addresses,
        @Nullable PeerAddress remoteAddress,
        @Nullable Bytes token,
        @Nullable Bytes remoteToken) {
    private static final int CONNECTED = 1;
    private static final int PUNCHING = 2;
    private static final int ADDRESSES = 4;
    private static final int REMOTE_ADDRESS = 8;
    private static final int TOKEN = 16;
    private static final int REMOTE_TOKEN = 32;
    private static final int TOKEN_BYTES = 32;

    /**
     * {@code uint flags, uint error, uint firewall, uint round, array(ipv4) addresses, ipv4 remoteAddress, fixed32
     * token, fixed32 remoteToken}, the last four where their flag is set; unknown flags and trailing bytes are ignored
     * (hyperdht.md §4.4).
     */
    static final Codec<HolepunchPayload> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, HolepunchPayload value) {
            out.uint((value.connected ? CONNECTED : 0)
                    | (value.punching ? PUNCHING : 0)
                    | (value.addresses != null ? ADDRESSES : 0)
                    | (value.remoteAddress != null ? REMOTE_ADDRESS : 0)
                    | (value.token != null ? TOKEN : 0)
                    | (value.remoteToken != null ? REMOTE_TOKEN : 0));
            out.uint(value.error).uint(value.firewall.code()).uint(value.round);
            if (value.addresses != null) {
                out.array(PeerAddress.IPV4_CODEC, value.addresses);
            }
            if (value.remoteAddress != null) {
                PeerAddress.IPV4_CODEC.encode(out, value.remoteAddress);
            }
            if (value.token != null) {
                out.fixed(value.token, TOKEN_BYTES);
            }
            if (value.remoteToken != null) {
                out.fixed(value.remoteToken, TOKEN_BYTES);
            }
        }

        @Override
        public HolepunchPayload decode(Reader in) throws DecodeException {
            long flags = in.uint();
            long error = in.uint();
            Firewall firewall = Firewall.of(in.uint());
            long round = in.uint();
            return new HolepunchPayload(
                    error,
                    firewall,
                    round,
                    (flags & CONNECTED) != 0,
                    (flags & PUNCHING) != 0,
                    (flags & ADDRESSES) != 0 ? in.array(PeerAddress.IPV4_CODEC) : null,
                    (flags & REMOTE_ADDRESS) != 0 ? PeerAddress.IPV4_CODEC.decode(in) : null,
                    (flags & TOKEN) != 0 ? in.fixed(TOKEN_BYTES) : null,
                    (flags & REMOTE_TOKEN) != 0 ? in.fixed(TOKEN_BYTES) : null);
        }
    };
}
