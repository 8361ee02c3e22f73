package org.aliasrpc.protomux;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The channels that the remote has opened, by the ids it gave them.
 *
 * <p>Ids have no gaps (protomux.md §4.5). Only those in use are held: a remote that opens ever new ids and is rejected
 * each time makes nothing grow.
 */
final class RemoteChannels {
    private final Map<Long, RemoteOpen> byId = new HashMap<>();
    private long highestId;
    private @Nullable RemoteOpen latest;

    /** Whether the remote may use this id now. Id 0, of the control channel, is never free. */
    boolean isFree(long id) {
        return id >= 1 && id <= highestId + 1 && !byId.containsKey(id);
    }

    /** The remote has used an id, for whatever comes of it. */
    void use(long id) {
        highestId = Math.max(highestId, id);
    }

    void add(RemoteOpen open) {
        byId.put(open.id, open);
    }

    /** The remote's channel of this id; null if it was never opened, or was rejected or closed. */
    @Nullable
    RemoteOpen byId(long id) {
        RemoteOpen found = latest;
        if (found == null || found.id != id) {
            found = byId.get(id);
            latest = found;
        }
        return found;
    }

    /** The id is free again. */
    void remove(RemoteOpen open) {
        byId.remove(open.id);
        latest = null;
    }

    int size() {
        return byId.size();
    }

    /** The stream is gone. */
    void clear() {
        byId.clear();
        latest = null;
    }
}
