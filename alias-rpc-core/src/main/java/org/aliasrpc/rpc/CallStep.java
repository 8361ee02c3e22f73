package org.aliasrpc.rpc;

/** Where a call is on its way. */
public enum CallStep {
    /** Behind other calls of the same connection. */
    QUEUE,
    /** Making the connection, or waiting to try again. */
    CONNECT,
    /** Connected; the remote has not opened the channel. */
    OPEN,
    /** The request is sent. */
    REQUEST
}
