package org.aliasrpc.hyperdht;

import org.aliasrpc.udx.UdxStream;

/** What is attached to each UDX stream of the node. */
interface StreamOwner {
    /** The stream has events. */
    void onStreamActive(UdxStream stream, long nowNanos);
}
