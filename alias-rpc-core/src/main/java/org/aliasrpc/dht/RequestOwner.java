package org.aliasrpc.dht;

/** The part of the node that made a request. Called once at its end. */
interface RequestOwner {
    /** Nobody waits for the outcome. */
    RequestOwner NOBODY = new RequestOwner() {
        @Override
        public void onReply(Reply reply, long nowNanos) {}

        @Override
        public void onFailure(RequestFailure failure, long nowNanos) {}
    };

    void onReply(Reply reply, long nowNanos);

    void onFailure(RequestFailure failure, long nowNanos);

    /** A transmission stayed unanswered; there may be more. */
    default void onSlow(long nowNanos) {}
}
