package org.aliasrpc.hyperdht;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.jspecify.annotations.Nullable;

/**
 * The value of a PLUGIN request.
 *
 * @param plugin its name
 * @param version the version of its protocol
 * @param command a number that the plugin defines
 * @param value what the plugin defines, or null
 */
record PluginRequest(
        String plugin, long version, long command, @Nullable Bytes value) {
    private static final int VALUE = 1;

    /** {@code utf8 plugin, uint version, uint command, uint flags (1 value), buffer value} (hyperdht.md §4.9). */
    static final Codec<PluginRequest> CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, PluginRequest value) {
            out.utf8(value.plugin).uint(value.version).uint(value.command);
            out.uint(value.value != null ? VALUE : 0);
            if (value.value != null) {
                out.buffer(value.value);
            }
        }

        @Override
        public PluginRequest decode(Reader in) throws DecodeException {
            String plugin = in.utf8();
            long version = in.uint();
            long command = in.uint();
            return new PluginRequest(plugin, version, command, (in.uint() & VALUE) != 0 ? in.buffer() : null);
        }
    };
}
