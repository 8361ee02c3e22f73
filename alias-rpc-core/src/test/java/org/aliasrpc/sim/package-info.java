/** A simulated network in virtual time, for tests of machines that take datagrams and hand out transmits. */
@NullMarked
package org.aliasrpc.sim;

import org.jspecify.annotations.NullMarked;
