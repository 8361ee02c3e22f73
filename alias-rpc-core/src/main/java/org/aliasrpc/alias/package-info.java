/**
 * Alias registration: the messages of the {@code register-alias} protocol and the behaviour of both ends.
 *
 * <p>Source: docs/protocol/alias-rpc.md, part A.
 */
@NullMarked
package org.aliasrpc.alias;

import org.jspecify.annotations.NullMarked;
