/**
 * Compact encoding: the byte-level form that every layer of the stack uses, and the textual form of keys.
 *
 * <p>Source: docs/protocol/encoding.md. This is generation 3 of the codec; a field that may be absent is modelled as
 * an optional buffer.
 */
@NullMarked
package org.aliasrpc.encoding;

import org.jspecify.annotations.NullMarked;
