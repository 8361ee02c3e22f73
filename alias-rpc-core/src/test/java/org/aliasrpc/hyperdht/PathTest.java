package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table of hyperdht.md §7.5. */
class PathTest {
    private static final PeerAddress RELAY = PeerAddress.of("5.5.5.5", 1000);
    private static final PeerAddress SERVER = PeerAddress.of("6.6.6.6", 2000);
    private static final PeerAddress OTHER = PeerAddress.of("7.7.7.7", 3000);
    private static final PeerAddress NEIGHBOUR = SERVER.withPort(4000);
    private static final List<PeerAddress> OWN = List.of(PeerAddress.of("192.168.1.2", 9));
    private static final NoisePayload.Holepunch HOLES =
            new NoisePayload.Holepunch(0, List.of(new NoisePayload.RelayInfo(RELAY, SERVER)));
    private static final NoisePayload.Holepunch NO_RELAYS = new NoisePayload.Holepunch(0, List.of());

    private static NoisePayload payload(
            Firewall firewall, NoisePayload.@Nullable Holepunch holes, PeerAddress... addresses) {
        return new NoisePayload(
                1,
                0,
                firewall,
                holes,
                List.of(addresses),
                List.of(),
                new NoisePayload.Udx(1, false, 1, 0),
                1,
                null,
                null);
    }

    private static Path choose(NoisePayload remote, PeerAddress client, Firewall told, boolean local) {
        return Path.choose(remote, new Path.Facts(RELAY, SERVER, client), told, local, OWN);
    }

    @Test
    void anOpenServerIsSentToAtItsPublicAddress() {
        NoisePayload open = payload(Firewall.OPEN, null, PeerAddress.of("10.0.0.1", 5), OTHER);
        assertThat(choose(open, NEIGHBOUR, Firewall.OPEN, true)).isEqualTo(new Path.Direct(OTHER));
    }

    @Test
    void anOpenServerWithoutPublicAddressIsSentToWhereTheRelaySeesIt() {
        NoisePayload open = payload(Firewall.OPEN, null, PeerAddress.of("10.0.0.1", 5), PeerAddress.of("192.0.2.1", 5));
        assertThat(choose(open, OTHER, Firewall.UNKNOWN, true)).isEqualTo(new Path.Direct(SERVER));
    }

    @Test
    void aServerThatOffersNoHolesIsSentToDirectly() {
        assertThat(choose(payload(Firewall.UNKNOWN, null), OTHER, Firewall.UNKNOWN, true))
                .isEqualTo(new Path.Direct(SERVER));
        assertThat(choose(payload(Firewall.UNKNOWN, NO_RELAYS), OTHER, Firewall.OPEN, true))
                .isEqualTo(new Path.Direct(SERVER));
    }

    @Test
    void anOpenClientWaits() {
        assertThat(choose(payload(Firewall.UNKNOWN, HOLES), NEIGHBOUR, Firewall.OPEN, true))
                .isEqualTo(new Path.Passive());
    }

    @Test
    void neighboursMeetOnTheirNetwork() {
        PeerAddress far = PeerAddress.of("10.0.0.5", 5);
        PeerAddress near = PeerAddress.of("192.168.1.77", 5);
        assertThat(choose(payload(Firewall.UNKNOWN, HOLES, far, near), NEIGHBOUR, Firewall.UNKNOWN, true))
                .isEqualTo(new Path.Local(near, true));
        assertThat(choose(payload(Firewall.UNKNOWN, HOLES, far), NEIGHBOUR, Firewall.UNKNOWN, true))
                .isEqualTo(new Path.Local(far, true));
    }

    @Test
    void reservedAddressesAreNoNeighbours() {
        NoisePayload remote = payload(Firewall.UNKNOWN, HOLES, PeerAddress.of("192.0.2.1", 5), near(0));
        assertThat(choose(remote, NEIGHBOUR, Firewall.UNKNOWN, true)).isEqualTo(new Path.Punch());
    }

    @Test
    void theLocalNetworkIsLeftAloneWhenNotWanted() {
        NoisePayload remote = payload(Firewall.UNKNOWN, HOLES, near(5));
        assertThat(choose(remote, NEIGHBOUR, Firewall.UNKNOWN, false)).isEqualTo(new Path.Punch());
        assertThat(choose(remote, OTHER, Firewall.UNKNOWN, true)).isEqualTo(new Path.Punch());
    }

    @Test
    void aServerAskedDirectlyThatIsFirewalledAndOffersNothingCannotBeReached() {
        NoisePayload remote = payload(Firewall.CONSISTENT, null, near(5));
        Path.Facts direct = new Path.Facts(SERVER, SERVER, NEIGHBOUR);
        assertThat(Path.choose(remote, direct, Firewall.UNKNOWN, true, OWN)).isEqualTo(new Path.None());
    }

    private static PeerAddress near(int port) {
        return PeerAddress.of("192.168.1.77", port);
    }
}
