package org.aliasrpc.sample;

import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.event.AliasRpcClientEvent;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcEventWatcher;
import org.aliasrpc.spring.event.AliasRpcServerListeningEvent;
import org.aliasrpc.spring.registration.Printable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Says when a role is ready: the server when it is announced and its HTTP side is up, the client when it is registered for
 * the first time.
 */
@Component
class RoleReady implements AliasRpcEventWatcher {
    private final AtomicBoolean registered = new AtomicBoolean();

    // Guarded by this: the two facts come from different threads.
    private @Nullable PublicKey serverKey;
    private @Nullable String http;

    @EventListener
    synchronized void onListening(AliasRpcServerListeningEvent event) {
        serverKey = event.publicKey();
        sayServer();
    }

    @EventListener
    synchronized void onWebServer(WebServerInitializedEvent event) {
        if (http == null) {
            String address = event.getApplicationContext().getEnvironment().getProperty("server.address", "0.0.0.0");
            http = address + ":" + event.getWebServer().getPort();
            sayServer();
        }
    }

    private void sayServer() {
        if (serverKey != null && http != null) {
            Ready.line("role=server publicKey=" + serverKey + " http=" + http);
            serverKey = null;
        }
    }

    @Override
    public void onEvent(AliasRpcEvent event) {
        if (event instanceof AliasRpcClientEvent.RegisterAliasSuccess success
                && registered.compareAndSet(false, true)) {
            Ready.line(
                    "role=client publicKey=" + success.targetPublicKey() + " alias=" + Printable.of(success.alias()));
        }
    }
}
