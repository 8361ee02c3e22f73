package org.aliasrpc.alias;

import org.aliasrpc.rpc.CallFailure;
import org.aliasrpc.rpc.ConnectFailure;
import org.aliasrpc.rpc.RpcError;
import org.aliasrpc.rpc.RpcErrorCode;

/** What failed calls mean to somebody who registers an alias. */
final class AliasOutcomes {
    private AliasOutcomes() {}

    static AliasOutcome of(CallFailure failure) {
        if (failure instanceof CallFailure.TimedOut timedOut) {
            return new AliasOutcome.TimedOut(timedOut.step());
        }
        if (failure instanceof CallFailure.NotConnected notConnected) {
            return of(notConnected.failure());
        }
        if (failure instanceof CallFailure.ChannelRejected) {
            return new AliasOutcome.ChannelRejected();
        }
        if (failure instanceof CallFailure.ConnectionLost lost) {
            return new AliasOutcome.ConnectionLost(lost.reason());
        }
        if (failure instanceof CallFailure.Remote remote) {
            return of(remote.error());
        }
        if (failure instanceof CallFailure.ProtocolViolation violation) {
            return new AliasOutcome.ProtocolViolation(violation.reason());
        }
        if (failure instanceof CallFailure.RequestTooLarge) {
            return new AliasOutcome.ProtocolViolation("The registration does not fit a frame");
        }
        if (failure instanceof CallFailure.QueueFull) {
            return new AliasOutcome.ConnectionFailed("Too many registrations are waiting");
        }
        if (failure instanceof CallFailure.PoolClosed) {
            return new AliasOutcome.Closed();
        }
        return new AliasOutcome.ConnectionFailed("The server could not prove its capability");
    }

    private static AliasOutcome of(ConnectFailure failure) {
        return failure.kind() == ConnectFailure.Kind.PEER_NOT_FOUND
                ? new AliasOutcome.PeerNotFound()
                : new AliasOutcome.ConnectionFailed(failure.reason());
    }

    private static AliasOutcome of(RpcError error) {
        RpcError.Cause cause = error.cause();
        if (error.code() == RpcErrorCode.DECODE_ERROR) {
            return new AliasOutcome.IncompatibleVersion(cause == null ? error.message() : cause.message());
        }
        // For example UNKNOWN_METHOD, or an error of the server's own making.
        return new AliasOutcome.Refused(cause == null ? error.text() : error.text() + " (" + cause.message() + ")");
    }
}
