package org.aliasrpc.protomux;

import java.util.ArrayDeque;
import java.util.Deque;

/** What waits for its counterpart under one key, oldest first. */
final class Pairing {
    /** Local channels whose open the remote has not answered; also closed ones, since the answer still comes. */
    final Deque<Channel> unanswered = new ArrayDeque<>();

    /** Opens of the remote without a local channel. */
    final Deque<RemoteOpen> waiting = new ArrayDeque<>();

    /** Local channels that are opened and not closed. */
    int open;

    /** Requests to the owner that it has not finished. */
    int requests;

    boolean isUnused() {
        return unanswered.isEmpty() && waiting.isEmpty() && open == 0 && requests == 0;
    }
}
