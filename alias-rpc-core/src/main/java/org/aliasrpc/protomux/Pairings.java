package org.aliasrpc.protomux;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/** Who waits for whom: the {@link Pairing} of every key, and the keys for which the owner wants to be asked. */
final class Pairings {
    private final Map<ChannelKey, Pairing> byKey = new HashMap<>();
    private final Set<ChannelKey> askedKeys = new HashSet<>();
    private final Set<String> askedProtocols = new HashSet<>();

    /** The pairing of a key, made if needed; to be given back to {@link #release}. */
    Pairing of(ChannelKey key) {
        return byKey.computeIfAbsent(key, absent -> new Pairing());
    }

    /** The pairing of a key, if anything is known of it. */
    @Nullable
    Pairing find(ChannelKey key) {
        return byKey.get(key);
    }

    /** Forgets a pairing that says nothing any more. */
    void release(ChannelKey key, Pairing pairing) {
        if (pairing.isUnused()) {
            byKey.remove(key);
        }
    }

    /** A channel was opened and waits for the remote's answer, unless it is one. */
    void addOpen(Channel channel, boolean answered) {
        for (ChannelKey key : channel.keys()) {
            Pairing pairing = of(key);
            pairing.open++;
            if (!answered) {
                pairing.unanswered.add(channel);
            }
        }
    }

    /** A channel was closed; it may still be unanswered. */
    void removeOpen(Channel channel) {
        for (ChannelKey key : channel.keys()) {
            Pairing pairing = of(key);
            pairing.open--;
            release(key, pairing);
        }
    }

    /** The remote has answered an open, one way or the other. */
    void removeUnanswered(Channel channel) {
        for (ChannelKey key : channel.keys()) {
            Pairing pairing = of(key);
            pairing.unanswered.remove(channel);
            release(key, pairing);
        }
    }

    /** Whether a channel of one of these keys is open. */
    boolean hasOpen(Iterable<ChannelKey> keys) {
        for (ChannelKey key : keys) {
            Pairing pairing = byKey.get(key);
            if (pairing != null && pairing.open > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether the owner wants to be asked before an open of this key is rejected. */
    boolean isAsked(ChannelKey key) {
        return askedKeys.contains(key) || askedProtocols.contains(key.protocol());
    }

    /** Null as id: every id of the protocol. */
    void ask(String protocol, @Nullable Bytes id) {
        if (id == null) {
            askedProtocols.add(protocol);
        } else {
            askedKeys.add(new ChannelKey(protocol, id));
        }
    }

    /** Takes {@link #ask} back. */
    void stopAsking(String protocol, @Nullable Bytes id) {
        if (id == null) {
            askedProtocols.remove(protocol);
        } else {
            askedKeys.remove(new ChannelKey(protocol, id));
        }
    }

    int size() {
        return byKey.size();
    }

    /** The stream is gone. */
    void clear() {
        byKey.clear();
    }
}
