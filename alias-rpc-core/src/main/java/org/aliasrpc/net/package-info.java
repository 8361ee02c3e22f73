/** What state machines tell the I/O layer: addresses, sockets by name, datagrams to send. No I/O happens here. */
@NullMarked
package org.aliasrpc.net;

import org.jspecify.annotations.NullMarked;
