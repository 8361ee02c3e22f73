/**
 * Noise handshakes IK and XX, revision 34, with Diffie-Hellman on edwards25519.
 *
 * <p>Source: docs/protocol/crypto.md §7; the Noise Protocol Framework, revision 34.
 */
@NullMarked
package org.aliasrpc.noise;

import org.jspecify.annotations.NullMarked;
