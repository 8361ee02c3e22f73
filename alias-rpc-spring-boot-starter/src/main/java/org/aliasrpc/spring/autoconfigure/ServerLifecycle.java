package org.aliasrpc.spring.autoconfigure;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.event.AliasRpcServerListeningEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the alias server listen, and takes its announcement back at the end. */
final class ServerLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger("org.aliasrpc.server");

    private ServerLifecycle() {}

    static NetworkLifecycle of(
            AliasRpcServer server, @Nullable Current<Hyperswarm> swarm, AliasRpcEventPublisher events, Clock clock) {
        return new NetworkLifecycle(
                "alias server",
                Phases.SERVER,
                () -> server.listenAsync().whenComplete((done, failure) -> {
                    if (failure == null) {
                        LOG.info("Alias server announced, public key {}", server.publicKey());
                        events.publishObject(new AliasRpcServerListeningEvent(clock.instant(), server.publicKey()));
                    } else if (!closed(failure)) {
                        LOG.error("The alias server cannot be reached: {}", failure.toString());
                    }
                }),
                () -> {
                    if (server instanceof RestartableServer ours) {
                        ours.stop();
                    } else {
                        server.close();
                    }
                    return swarm == null ? CompletableFuture.completedStage(null) : swarm.stop();
                });
    }

    private static boolean closed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof AliasRpcException.Closed;
    }
}
