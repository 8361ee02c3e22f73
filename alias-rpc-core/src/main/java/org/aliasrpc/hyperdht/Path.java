package org.aliasrpc.hyperdht;

import java.util.List;
import org.aliasrpc.net.AddressClass;
import org.aliasrpc.net.PeerAddress;

/**
 * The way that a client takes to a server, once the handshake is through.
 *
 * <p>Source: docs/protocol/hyperdht.md §7.5.
 */
sealed interface Path {
    /** Rows 1: send to the address at once. */
    record Direct(PeerAddress address) implements Path {}

    /** Row 2: we can be reached, the server comes to us. */
    record Passive() implements Path {}

    /**
     * Row 3: both ends seem to be on one network; see if the address answers.
     *
     * @param holepunchable whether holes could be punched if it does not
     */
    record Local(PeerAddress address, boolean holepunchable) implements Path {}

    /** Row 4: the server offers no way. */
    record None() implements Path {}

    /** Row 5: both ends have to punch holes. */
    record Punch() implements Path {}

    /**
     * What the handshake told.
     *
     * @param asked the node that was asked, maybe the server itself
     * @param serverAddress the server as that node sees it
     * @param clientAddress we as that node sees us
     */
    record Facts(PeerAddress asked, PeerAddress serverAddress, PeerAddress clientAddress) {}

    /**
     * Chooses.
     *
     * @param remote the server's payload
     * @param facts what else the handshake told
     * @param told our firewall as we told the server
     * @param useLocal whether the local network may be used
     * @param local our own addresses
     */
    static Path choose(NoisePayload remote, Facts facts, Firewall told, boolean useLocal, List<PeerAddress> local) {
        boolean relayed = !facts.serverAddress.equals(facts.asked);
        boolean holepunchable =
                remote.holepunch() != null && !remote.holepunch().relays().isEmpty();
        if (remote.firewall() == Firewall.OPEN || (relayed && !holepunchable)) {
            return new Direct(remote.addresses4().stream()
                    .filter(address -> !AddressClass.isBogon(address) && address.port() != 0)
                    .findFirst()
                    .orElse(facts.serverAddress));
        }
        if (told == Firewall.OPEN) {
            return new Passive();
        }
        if (useLocal && relayed && facts.clientAddress.sameHost(facts.serverAddress)) {
            List<PeerAddress> usable = remote.addresses4().stream()
                    .filter(address -> !AddressClass.isReserved(address) && address.port() != 0)
                    .toList();
            if (!usable.isEmpty()) {
                PeerAddress match = LocalAddresses.match(local, usable);
                return new Local(match != null ? match : usable.get(0), holepunchable);
            }
        }
        return holepunchable ? new Punch() : new None();
    }
}
