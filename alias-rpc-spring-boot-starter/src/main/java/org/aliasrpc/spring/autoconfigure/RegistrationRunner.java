package org.aliasrpc.spring.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/** Starts the registration when the application has started; waits for it only if told to. */
final class RegistrationRunner implements ApplicationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(AliasRegistrations.class);

    private final ClientLifecycle lifecycle;
    private final AliasRegistrations registrations;
    private final AliasRpcClientProperties.Startup startup;

    RegistrationRunner(
            ClientLifecycle lifecycle, AliasRegistrations registrations, AliasRpcClientProperties.Startup startup) {
        this.lifecycle = lifecycle;
        this.registrations = registrations;
        this.startup = startup;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        lifecycle.begin();
        if (startup.mode() == AliasRpcClientProperties.Startup.Mode.ASYNC && !startup.failFast()) {
            return;
        }
        CompletableFuture<Void> registered = registrations.registeredAsync().toCompletableFuture();
        CompletableFuture<Void> stopped = lifecycle.stopped().toCompletableFuture();
        try {
            CompletableFuture.anyOf(registered, stopped).get(startup.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (startup.failFast()) {
                throw new RegistrationFailedException(startup.timeout(), registrations.status());
            }
            LOG.warn(
                    "Not registered after {}; the application goes on, and so does the registration",
                    startup.timeout());
        } catch (ExecutionException e) {
            if (startup.failFast()) {
                throw new IllegalStateException("Nothing can be registered", e.getCause());
            }
            LOG.warn("Nothing can be registered; the application goes on");
        }
    }
}
