/**
 * Netty: UDP sockets, one event loop for each node, timers, the system's clock and randomness, threads for callbacks.
 * Drives the state machines of the packages below and knows nothing of their protocols.
 */
@NullMarked
package org.aliasrpc.io;

import org.jspecify.annotations.NullMarked;
