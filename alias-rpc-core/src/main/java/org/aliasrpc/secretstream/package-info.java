/**
 * An encrypted, authenticated, ordered message stream over a reliable byte stream, with encrypted datagrams beside it.
 *
 * <p>Source: docs/protocol/secret-stream.md.
 */
@NullMarked
package org.aliasrpc.secretstream;

import org.jspecify.annotations.NullMarked;
