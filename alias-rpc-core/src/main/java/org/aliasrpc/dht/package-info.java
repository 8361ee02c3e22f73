/**
 * dht-rpc: requests and replies in single UDP datagrams, a Kademlia routing table, iterative queries, and how a node
 * learns its public address and whether it can be reached.
 *
 * <p>{@link org.aliasrpc.dht.RpcNode} is the machine that the layer above uses; everything else is a part of it or a
 * value that it takes or hands out. Source: docs/protocol/dht-rpc.md, which describes dht-rpc 6.27.
 */
@NullMarked
package org.aliasrpc.dht;

import org.jspecify.annotations.NullMarked;
