/**
 * protomux-rpc: requests, replies and events by method name over one Protomux channel; and the pool of connections that
 * calls share.
 *
 * <p>Source: docs/protocol/protomux-rpc.md.
 */
@NullMarked
package org.aliasrpc.rpc;

import org.jspecify.annotations.NullMarked;
