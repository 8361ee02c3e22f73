package org.aliasrpc;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.aliasrpc.alias.AliasOutcome;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.metrics.ScrapeOutcome;
import org.aliasrpc.rpc.CallFailure;
import org.aliasrpc.rpc.CallStep;

/** Failures of the layers below, as the public API names them. */
final class Failures {
    private Failures() {}

    static AliasRpcException of(ConnectFailure failure, PublicKey remote) {
        return switch (failure) {
            case PEER_NOT_FOUND ->
                new AliasRpcException.PeerNotFound("PEER_NOT_FOUND: no node of the DHT knows " + remote);
            case PEER_CONNECTION_FAILED -> connectionFailed(failure, remote + " is known but does not answer");
            case SERVER_INCOMPATIBLE -> connectionFailed(failure, remote + " speaks another version");
            case SERVER_ERROR -> connectionFailed(failure, remote + " refused with an error");
            case CANNOT_HOLEPUNCH -> connectionFailed(failure, "no network path to " + remote + " is known");
            case HOLEPUNCH_ABORTED -> connectionFailed(failure, "no network path to " + remote + " was found");
            case INVALID_KEY -> connectionFailed(failure, remote + " is not a usable public key");
            case OVERLOADED -> connectionFailed(failure, "this node has too many connections");
            case SUSPENDED -> connectionFailed(failure, "this node is suspended");
            case DESTROYED -> new AliasRpcException.Closed("the connection was closed before it was open");
            case NODE_CLOSED -> new AliasRpcException.Closed("the node is closed");
        };
    }

    static org.aliasrpc.rpc.ConnectFailure forPool(ConnectFailure failure, PublicKey remote) {
        org.aliasrpc.rpc.ConnectFailure.Kind kind = switch (failure) {
            case PEER_NOT_FOUND -> org.aliasrpc.rpc.ConnectFailure.Kind.PEER_NOT_FOUND;
            case NODE_CLOSED -> org.aliasrpc.rpc.ConnectFailure.Kind.NODE_CLOSED;
            default -> org.aliasrpc.rpc.ConnectFailure.Kind.FAILED;
        };
        return new org.aliasrpc.rpc.ConnectFailure(
                kind, String.valueOf(of(failure, remote).getMessage()));
    }

    static AliasRpcException of(AliasOutcome outcome, PublicKey server, Duration timeout) {
        if (outcome instanceof AliasOutcome.PeerNotFound) {
            return of(ConnectFailure.PEER_NOT_FOUND, server);
        } else if (outcome instanceof AliasOutcome.ConnectionFailed failed) {
            return new AliasRpcException.ConnectionFailed(failed.reason());
        } else if (outcome instanceof AliasOutcome.ChannelRejected) {
            return new AliasRpcException.ChannelRejected(server + " does not serve alias registrations");
        } else if (outcome instanceof AliasOutcome.ConnectionLost lost) {
            return new AliasRpcException.ConnectionLost(lost.reason());
        } else if (outcome instanceof AliasOutcome.TimedOut timedOut) {
            return timedOut(timedOut.step(), timeout);
        } else if (outcome instanceof AliasOutcome.IncompatibleVersion incompatible) {
            return new AliasRpcException.IncompatibleVersion(incompatible.reason());
        } else if (outcome instanceof AliasOutcome.Refused refused) {
            return new AliasRpcException.Refused(refused.reason());
        } else if (outcome instanceof AliasOutcome.ProtocolViolation violation) {
            return new AliasRpcException.ProtocolViolation(violation.reason());
        }
        return new AliasRpcException.Closed("the client was closed");
    }

    static AliasRpcException of(ScrapeOutcome outcome, PublicKey target, Duration timeout, int maxReplyBytes) {
        if (outcome instanceof ScrapeOutcome.Refused refused) {
            return new AliasRpcException.Refused(refused.reason());
        } else if (outcome instanceof ScrapeOutcome.TooLarge) {
            return new AliasRpcException.TooLarge("the metrics are longer than " + maxReplyBytes + " bytes");
        } else if (outcome instanceof ScrapeOutcome.IncompatibleVersion incompatible) {
            return new AliasRpcException.IncompatibleVersion(incompatible.reason());
        }
        return of(((ScrapeOutcome.Failed) outcome).failure(), target, timeout);
    }

    /** Of a scrape. */
    private static AliasRpcException of(CallFailure failure, PublicKey target, Duration timeout) {
        if (failure instanceof CallFailure.TimedOut timedOut) {
            return timedOut(timedOut.step(), timeout);
        } else if (failure instanceof CallFailure.NotConnected notConnected) {
            return switch (notConnected.failure().kind()) {
                case PEER_NOT_FOUND -> of(ConnectFailure.PEER_NOT_FOUND, target);
                case NODE_CLOSED -> nodeClosed();
                case FAILED ->
                    new AliasRpcException.ConnectionFailed(
                            notConnected.failure().reason());
            };
        } else if (failure instanceof CallFailure.ChannelRejected) {
            return new AliasRpcException.ChannelRejected(target + " does not serve metrics");
        } else if (failure instanceof CallFailure.ConnectionLost lost) {
            return new AliasRpcException.ConnectionLost(lost.reason());
        } else if (failure instanceof CallFailure.Remote remote) {
            return new AliasRpcException.Refused(remote.error().text());
        } else if (failure instanceof CallFailure.ProtocolViolation violation) {
            return new AliasRpcException.ProtocolViolation(violation.reason());
        } else if (failure instanceof CallFailure.QueueFull) {
            return new AliasRpcException.ConnectionFailed("too many scrapes of " + target + " are waiting");
        }
        return new AliasRpcException.Closed("the scraper was closed");
    }

    private static AliasRpcException timedOut(CallStep callStep, Duration timeout) {
        AliasRpcException.TimedOut.Step step = switch (callStep) {
            case QUEUE -> AliasRpcException.TimedOut.Step.QUEUE;
            case CONNECT -> AliasRpcException.TimedOut.Step.CONNECT;
            case OPEN -> AliasRpcException.TimedOut.Step.OPEN;
            case REQUEST -> AliasRpcException.TimedOut.Step.REQUEST;
        };
        String what = switch (step) {
            case QUEUE -> "waiting for other calls";
            case CONNECT -> "connecting";
            case OPEN -> "waiting for the server to open the channel";
            case REQUEST -> "waiting for the answer";
            case ANNOUNCE -> "announcing";
        };
        return new AliasRpcException.TimedOut(step, "no result within " + timeout.toMillis() + " ms: still " + what);
    }

    /** What a stage really failed with. */
    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** A defect of ours, or no memory: whoever asked must not wait for ever. */
    static AliasRpcException unexpected(Throwable cause) {
        AliasRpcException failure = new AliasRpcException.ConnectionFailed("unexpected failure: " + cause);
        failure.addSuppressed(cause);
        return failure;
    }

    static AliasRpcException.Closed nodeClosed() {
        return new AliasRpcException.Closed("the node is closed");
    }

    private static AliasRpcException connectionFailed(ConnectFailure failure, String text) {
        return new AliasRpcException.ConnectionFailed(failure.name() + ": " + text);
    }
}
