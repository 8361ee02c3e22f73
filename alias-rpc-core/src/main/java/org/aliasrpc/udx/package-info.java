/**
 * UDX: reliable, ordered byte streams and unordered messages over datagrams.
 *
 * <p>{@link org.aliasrpc.udx.UdxEndpoint} is the machine a node owns; it holds many {@link org.aliasrpc.udx.UdxStream}s.
 * Nothing here does I/O, reads a clock or draws chance of its own.
 *
 * <p>Source: docs/protocol/udx.md.
 */
@NullMarked
package org.aliasrpc.udx;

import org.jspecify.annotations.NullMarked;
