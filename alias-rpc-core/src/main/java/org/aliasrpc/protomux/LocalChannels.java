package org.aliasrpc.protomux;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ids that we have given: 1, 2, 3, …, and those freed again, last freed first (protomux.md §4.2). */
final class LocalChannels {
    private final List<@Nullable Channel> byId = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    /** Gives a channel an id. */
    void add(Channel channel) {
        Integer id = free.poll();
        if (id == null) {
            byId.add(channel);
            channel.localId = byId.size();
        } else {
            byId.set(id - 1, channel);
            channel.localId = id;
        }
    }

    /** The channel that has an id, perhaps closed by us and not answered yet; null if the id is free. */
    @Nullable
    Channel byId(long id) {
        return id >= 1 && id <= byId.size() ? byId.get((int) id - 1) : null;
    }

    /** Frees the id of a channel. */
    void remove(Channel channel) {
        byId.set(channel.localId - 1, null);
        free.push(channel.localId);
    }

    /** All that have an id, by id. */
    List<Channel> all() {
        List<Channel> channels = new ArrayList<>();
        for (Channel channel : byId) {
            if (channel != null) {
                channels.add(channel);
            }
        }
        return channels;
    }
}
