package org.aliasrpc.protomux;

import java.util.List;
import java.util.Set;
import org.aliasrpc.encoding.Bytes;

/**
 * How to create a channel.
 *
 * @param protocol the name both sides must give
 * @param id channel-id both sides must give; empty means none (protomux.md §5.1)
 * @param aliases further names under which the remote may open it. The own open states the main name only, so the remote
 *     must know that one as well: one that knows just an alias rejects it, and the stream ends with "Invalid reject
 *     message" (so it does between two peers of the reference)
 * @param handshake bytes to append to the own open, already encoded; empty for none
 * @param messageTypes how many message types there are; frames of other types are ignored
 * @param skippedTypes indexes that are taken but empty: what arrives is ignored, nothing is sent (protomux.md §3)
 * @param unique whether to refuse if an open channel has the same protocol and id
 */
public record ChannelOptions(
        String protocol,
        Bytes id,
        List<String> aliases,
        Bytes handshake,
        int messageTypes,
        Set<Integer> skippedTypes,
        boolean unique) {
    public ChannelOptions {
        if (messageTypes < 0) {
            throw new IllegalArgumentException("negative number of message types");
        }
        aliases = List.copyOf(aliases);
        skippedTypes = Set.copyOf(skippedTypes);
    }

    /**
     * A unique channel without id and handshake.
     *
     * @param protocol its name
     * @param messageTypes how many there are
     */
    public static ChannelOptions of(String protocol, int messageTypes) {
        return new ChannelOptions(protocol, Bytes.EMPTY, List.of(), Bytes.EMPTY, messageTypes, Set.of(), true);
    }

    /** The same with a channel-id. */
    public ChannelOptions withId(Bytes newId) {
        return new ChannelOptions(protocol, newId, aliases, handshake, messageTypes, skippedTypes, unique);
    }

    /** The same with an encoded handshake value. */
    public ChannelOptions withHandshake(Bytes newHandshake) {
        return new ChannelOptions(protocol, id, aliases, newHandshake, messageTypes, skippedTypes, unique);
    }

    /** The same with further names. */
    public ChannelOptions withAliases(String... newAliases) {
        return new ChannelOptions(protocol, id, List.of(newAliases), handshake, messageTypes, skippedTypes, unique);
    }

    /** The same with empty slots among the message types. */
    public ChannelOptions withSkippedTypes(Integer... newSkippedTypes) {
        return new ChannelOptions(protocol, id, aliases, handshake, messageTypes, Set.of(newSkippedTypes), unique);
    }

    /** The same, allowed beside others of the same key. */
    public ChannelOptions notUnique() {
        return new ChannelOptions(protocol, id, aliases, handshake, messageTypes, skippedTypes, false);
    }
}
