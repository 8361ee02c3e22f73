/**
 * Keys, signatures, key agreement, hashes and ciphers: what the protocols need of cryptography and nothing else.
 *
 * <p>Source: docs/protocol/crypto.md. The only package that names BouncyCastle. A check that a peer can make fail (a
 * signature, a tag, a bad point) is a result, not an exception; a key of the wrong length is a mistake of the caller.
 */
@NullMarked
package org.aliasrpc.crypto;

import org.jspecify.annotations.NullMarked;
