/**
 * HyperDHT over dht-rpc and UDX: a directory of public keys, the Noise handshake that travels through nodes of the DHT,
 * and connections: one UDX stream with a secret stream over it.
 *
 * <p>Nothing here does I/O or reads a clock. {@link org.aliasrpc.hyperdht.HyperDhtNode} is what the I/O layer drives.
 *
 * <p>Source: docs/protocol/hyperdht.md, level 1 and the forwarding and storing parts of level 3. Hole punching, blind
 * relays and stored values only have their messages so far.
 */
@NullMarked
package org.aliasrpc.hyperdht;

import org.jspecify.annotations.NullMarked;
