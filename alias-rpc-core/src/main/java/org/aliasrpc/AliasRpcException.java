package org.aliasrpc;

import org.jspecify.annotations.Nullable;

/** A DHT operation or a registration failed; each way to fail has its own type. */
public abstract sealed class AliasRpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private AliasRpcException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** No DHT node knows the public key: the server is not announced, or the bootstrap nodes are wrong or away. */
    public static final class PeerNotFound extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        public PeerNotFound(String message) {
            super(message, null);
        }
    }

    /** The peer is known but no connection came about: it is gone, refuses us, or no network path was found. */
    public static final class ConnectionFailed extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        /**
         * @param message begins with the reference's code, such as {@code PEER_CONNECTION_FAILED}
         */
        public ConnectionFailed(String message) {
            super(message, null);
        }
    }

    /** The peer is connected but does not speak the protocol asked for. */
    public static final class ChannelRejected extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        public ChannelRejected(String message) {
            super(message, null);
        }
    }

    /** An established connection broke before the answer came; the server may have registered all the same. */
    public static final class ConnectionLost extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        public ConnectionLost(String message) {
            super(message, null);
        }
    }

    /** The deadline passed; the server may have registered all the same if the step is {@link Step#REQUEST}. */
    public static final class TimedOut extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        private final Step step;

        /**
         * @param step what was going on
         * @param message says how long it took
         */
        public TimedOut(Step step, String message) {
            super(message, null);
            this.step = step;
        }

        /** What was going on when the deadline passed. */
        public Step step() {
            return step;
        }

        /** The steps that share one deadline. */
        public enum Step {
            /** waiting for a free place on the connection, or for the node to start */
            QUEUE,
            /** finding the peer and connecting */
            CONNECT,
            /** waiting for the server to open the channel */
            OPEN,
            /** waiting for the answer */
            REQUEST,
            /** announcing a server, or starting or stopping a node */
            ANNOUNCE
        }
    }

    /** The peers speak different versions of the protocol. */
    public static final class IncompatibleVersion extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        public IncompatibleVersion(String message) {
            super(message, null);
        }
    }

    /** The server answered no; the message is its text: for people, chosen by the peer. */
    public static final class Refused extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        public Refused(String reason) {
            super(reason, null);
        }
    }

    /** The answer is longer than the caller takes. */
    public static final class TooLarge extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(message, null);
        }
    }

    /** The request is too long for one frame, or the peer broke the protocol. */
    public static final class ProtocolViolation extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        public ProtocolViolation(String message) {
            super(message, null);
        }
    }

    /** A socket could not be bound, or a server could not listen (this key is already listened on). */
    public static final class ListenFailed extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        public ListenFailed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The client, swarm or node was closed. */
    public static final class Closed extends AliasRpcException {
        private static final long serialVersionUID = 1L;

        public Closed(String message) {
            super(message, null);
        }
    }
}
