package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the two ends of a handshake tell each other about how to reach them: the encrypted payload of both Noise
 * messages. Encoded by {@link NoisePayloadCodec}.
 *
 * @param version 1; of another version nothing else is read
 * @param error 0, or why there will be no connection (hyperdht.md §1.2)
 * @param firewall the sender's NAT
 * @param holepunch how to punch holes with the sender; null when that is not offered
 * @param addresses4 addresses of the sender, the public one first if it has one
 * @param addresses6 never used so far
 * @param udx the sender's stream; null when it has none
 * @param secretStream version of the secret stream, or 0 when that part is missing
 * @param relayThrough a blind relay that the sender wants to use, or null
 * @param relayAddresses nodes of the DHT that can reach the sender; null when it does not say
 */
public record NoisePayload(
        long version,
        long error,
        Firewall firewall,
        @Nullable Holepunch holepunch,
        List<PeerAddress> addresses4,
        List<PeerAddress> addresses6,
        @Nullable Udx udx,
        long secretStream,
        @Nullable RelayThrough relayThrough,
        @Nullable List<PeerAddress> relayAddresses) {
    /** The only version there is. */
    static final int VERSION = 1;

    public NoisePayload {
        addresses4 = List.copyOf(addresses4);
        addresses6 = List.copyOf(addresses6);
        relayAddresses = relayAddresses == null ? null : List.copyOf(relayAddresses);
    }

    /** As it is sent. */
    public Bytes encoded() {
        return NoisePayloadCodec.INSTANCE.encode(this);
    }

    /**
     * How to punch holes with a server.
     *
     * @param id its slot for this handshake, to be repeated in each round
     * @param relays nodes that it announced to
     */
    public record Holepunch(long id, List<RelayInfo> relays) {
        public Holepunch {
            relays = List.copyOf(relays);
        }
    }

    /**
     * A node that forwards to a server.
     *
     * @param relayAddress the node
     * @param peerAddress the server as that node sees it
     */
    public record RelayInfo(PeerAddress relayAddress, PeerAddress peerAddress) {}

    /**
     * The UDX stream on which the sender waits.
     *
     * @param version 1
     * @param reusableSocket whether the sender wants to keep the path for further connections
     * @param id what the receiver puts into the packets it sends, 32 bits
     * @param seq always 0
     */
    public record Udx(long version, boolean reusableSocket, long id, long seq) {}

    /**
     * A blind relay.
     *
     * @param publicKey its key
     * @param token 32 bytes by which it pairs the two ends
     */
    public record RelayThrough(PublicKey publicKey, Bytes token) {}
}
