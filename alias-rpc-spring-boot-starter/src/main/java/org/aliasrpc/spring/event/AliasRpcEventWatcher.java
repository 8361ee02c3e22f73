package org.aliasrpc.spring.event;

/** Sees every event at once, on the thread that reports it: must neither block nor throw. For counters and logs. */
@FunctionalInterface
public interface AliasRpcEventWatcher {
    /**
     * @param event what happened
     */
    void onEvent(AliasRpcEvent event);
}
