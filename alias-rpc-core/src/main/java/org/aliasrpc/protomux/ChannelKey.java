package org.aliasrpc.protomux;

import org.aliasrpc.encoding.Bytes;

/**
 * What two channels must share to be paired: compared exactly (protomux.md §5.1).
 *
 * @param protocol the name
 * @param id channel-id; empty means none
 */
record ChannelKey(String protocol, Bytes id) {}
