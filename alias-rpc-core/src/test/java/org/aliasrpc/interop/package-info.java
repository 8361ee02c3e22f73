/** Tests against the Node reference on loopback, and what they stand on: peer processes and a bad network. */
@NullMarked
package org.aliasrpc.interop;

import org.jspecify.annotations.NullMarked;
