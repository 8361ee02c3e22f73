package org.aliasrpc;

import org.aliasrpc.alias.AliasServerEvent.ConnectionClose;
import org.aliasrpc.alias.AliasServerEvent.ConnectionError;
import org.aliasrpc.alias.AliasServerEvent.ConnectionOpen;
import org.aliasrpc.alias.AliasServerEvent.Failed;
import org.aliasrpc.alias.AliasServerEvent.Requested;
import org.aliasrpc.alias.AliasServerEvent.Succeeded;
import org.aliasrpc.alias.AliasServerEvent.Unauthorised;

/** Events of a server's session, as the public API names them. */
final class ServerEvents {
    private ServerEvents() {}

    /** The memory of an event's texts from the network, at most. */
    static long textBytes(AliasServerEvent event) {
        if (event instanceof AliasServerEvent.AliasUnauthorised refused) {
            return textBytes(refused.alias());
        } else if (event instanceof AliasServerEvent.AliasRequest request) {
            return textBytes(request.alias(), request.hostname(), request.service());
        } else if (event instanceof AliasServerEvent.AliasSuccess success) {
            return textBytes(success.alias());
        }
        return 0;
    }

    static long textBytes(String... texts) {
        long characters = 0;
        for (String text : texts) {
            characters += text.length();
        }
        return 2 * characters;
    }

    static AliasServerEvent of(org.aliasrpc.alias.AliasServerEvent event) {
        if (event instanceof ConnectionOpen open) {
            return new AliasServerEvent.ConnectionOpen(
                    open.uid(), open.remotePublicKey(), open.remoteAddress().toInetSocketAddress());
        } else if (event instanceof ConnectionClose close) {
            return new AliasServerEvent.ConnectionClose(close.uid(), close.remotePublicKey());
        } else if (event instanceof ConnectionError error) {
            return new AliasServerEvent.ConnectionError(error.uid(), error.remotePublicKey(), error.error());
        } else if (event instanceof Unauthorised refused) {
            return new AliasServerEvent.AliasUnauthorised(
                    refused.uid(),
                    refused.remotePublicKey(),
                    refused.targetPublicKey(),
                    refused.alias(),
                    refused.remoteAddress().toInetSocketAddress());
        } else if (event instanceof Requested request) {
            return new AliasServerEvent.AliasRequest(
                    request.uid(),
                    request.remotePublicKey(),
                    request.targetPublicKey(),
                    request.alias(),
                    request.hostname(),
                    request.service());
        } else if (event instanceof Succeeded success) {
            return new AliasServerEvent.AliasSuccess(
                    success.uid(),
                    success.remotePublicKey(),
                    success.alias(),
                    success.targetPublicKey(),
                    success.updated());
        } else if (event instanceof Failed failed) {
            return new AliasServerEvent.AliasError(failed.uid(), failed.remotePublicKey(), failed.error());
        }
        throw new IllegalArgumentException("not an event for users: " + event);
    }
}
