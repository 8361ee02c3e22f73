package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.hyperdht.NoisePayload.Holepunch;
import org.aliasrpc.hyperdht.NoisePayload.RelayInfo;
import org.aliasrpc.hyperdht.NoisePayload.RelayThrough;
import org.aliasrpc.hyperdht.NoisePayload.Udx;
import org.aliasrpc.net.PeerAddress;

/**
 * {@code uint version, uint flags, uint error, uint firewall}, then each part whose flag is set: 1 {@code uint id,
 * array(ipv4 relay, ipv4 peer)}, 2 {@code array(ipv4)}, 4 {@code array(ipv6)}, 8 {@code uint version, uint features (1
 * reusable socket), uint id, uint seq}, 16 {@code uint version}, 32 {@code uint version, uint flags, fixed32 publicKey,
 * fixed32 token}, 64 {@code array(ipv4)}.
 *
 * <p>Of another version than 1 only the version is read. Unknown flags and trailing bytes are ignored.
 *
 * <p>Source: docs/protocol/hyperdht.md §4.2.
 */
enum NoisePayloadCodec implements Codec<NoisePayload> {
    INSTANCE;

    private static final int HOLEPUNCH = 1;
    private static final int ADDRESSES_4 = 2;
    private static final int ADDRESSES_6 = 4;
    private static final int UDX = 8;
    private static final int SECRET_STREAM = 16;
    private static final int RELAY_THROUGH = 32;
    private static final int RELAY_ADDRESSES = 64;

    private static final int REUSABLE_SOCKET = 1;
    private static final int RELAY_THROUGH_VERSION = 1;
    private static final int TOKEN_BYTES = 32;

    private static final Codec<RelayInfo> RELAY_INFO = new Codec<>() {
        @Override
        public void encode(Writer out, RelayInfo value) {
            PeerAddress.IPV4_CODEC.encode(out, value.relayAddress());
            PeerAddress.IPV4_CODEC.encode(out, value.peerAddress());
        }

        @Override
        public RelayInfo decode(Reader in) throws DecodeException {
            return new RelayInfo(PeerAddress.IPV4_CODEC.decode(in), PeerAddress.IPV4_CODEC.decode(in));
        }
    };

    @Override
    public void encode(Writer out, NoisePayload value) {
        Holepunch holepunch = value.holepunch();
        Udx udx = value.udx();
        RelayThrough relayThrough = value.relayThrough();
        List<PeerAddress> relayAddresses = value.relayAddresses();
        out.uint(value.version());
        out.uint((holepunch != null ? HOLEPUNCH : 0)
                | (value.addresses4().isEmpty() ? 0 : ADDRESSES_4)
                | (value.addresses6().isEmpty() ? 0 : ADDRESSES_6)
                | (udx != null ? UDX : 0)
                | (value.secretStream() != 0 ? SECRET_STREAM : 0)
                | (relayThrough != null ? RELAY_THROUGH : 0)
                | (relayAddresses != null ? RELAY_ADDRESSES : 0));
        out.uint(value.error()).uint(value.firewall().code());
        if (holepunch != null) {
            out.uint(holepunch.id()).array(RELAY_INFO, holepunch.relays());
        }
        if (!value.addresses4().isEmpty()) {
            out.array(PeerAddress.IPV4_CODEC, value.addresses4());
        }
        if (!value.addresses6().isEmpty()) {
            out.array(PeerAddress.IPV6_CODEC, value.addresses6());
        }
        if (udx != null) {
            out.uint(udx.version()).uint(udx.reusableSocket() ? REUSABLE_SOCKET : 0);
            out.uint(udx.id()).uint(udx.seq());
        }
        if (value.secretStream() != 0) {
            out.uint(value.secretStream());
        }
        if (relayThrough != null) {
            out.uint(RELAY_THROUGH_VERSION).uint(0);
            out.fixed(relayThrough.publicKey().bytes()).fixed(relayThrough.token(), TOKEN_BYTES);
        }
        if (relayAddresses != null) {
            out.array(PeerAddress.IPV4_CODEC, relayAddresses);
        }
    }

    @Override
    public NoisePayload decode(Reader in) throws DecodeException {
        long version = in.uint();
        if (version != NoisePayload.VERSION) {
            return new NoisePayload(version, 0, Firewall.UNKNOWN, null, List.of(), List.of(), null, 0, null, null);
        }
        long flags = in.uint();
        long error = in.uint();
        Firewall firewall = Firewall.of(in.uint());
        return new NoisePayload(
                version,
                error,
                firewall,
                (flags & HOLEPUNCH) != 0 ? new Holepunch(in.uint(), in.array(RELAY_INFO)) : null,
                (flags & ADDRESSES_4) != 0 ? in.array(PeerAddress.IPV4_CODEC) : List.of(),
                (flags & ADDRESSES_6) != 0 ? in.array(PeerAddress.IPV6_CODEC) : List.of(),
                (flags & UDX) != 0 ? udx(in) : null,
                (flags & SECRET_STREAM) != 0 ? in.uint() : 0,
                (flags & RELAY_THROUGH) != 0 ? relayThrough(in) : null,
                (flags & RELAY_ADDRESSES) != 0 ? in.array(PeerAddress.IPV4_CODEC) : null);
    }

    private static Udx udx(Reader in) throws DecodeException {
        long version = in.uint();
        boolean reusableSocket = (in.uint() & REUSABLE_SOCKET) != 0;
        long id = in.uint();
        if (id > 0xffff_ffffL) {
            throw new DecodeException("stream id above 32 bits");
        }
        return new Udx(version, reusableSocket, id, in.uint());
    }

    private static RelayThrough relayThrough(Reader in) throws DecodeException {
        in.uint(); // version
        in.uint(); // flags
        return new RelayThrough(PublicKey.of(in.fixed(32)), in.fixed(TOKEN_BYTES));
    }
}
