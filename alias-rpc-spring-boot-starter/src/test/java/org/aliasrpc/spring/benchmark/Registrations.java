package org.aliasrpc.spring.benchmark;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.HyperDht;
import org.aliasrpc.OpenNode;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.jspecify.annotations.Nullable;

/** Registers aliases through the protocol: one pooled connection to each service, many requests under way. */
final class Registrations implements AutoCloseable {
    private static final int UNDER_WAY = 64;

    private final HyperDht dht;

    Registrations(BootstrapNode bootstrap) {
        this.dht = OpenNode.create(List.of(bootstrap));
    }

    /**
     * @param service to register with
     * @param keys of the targets; the aliases are numbered like them
     * @return seconds that it took
     */
    double register(Service service, List<PublicKey> keys) throws InterruptedException {
        Semaphore free = new Semaphore(UNDER_WAY);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        try (SecretBytes secret = SecretBytes.parse(Service.SECRET, "secret");
                AliasRpcClient client = AliasRpcClient.create(service.publicKey(), secret, dht)) {
            long begin = System.nanoTime();
            for (int i = 0; i < keys.size(); i++) {
                free.acquire();
                var registration = new AliasRegistration(ScrapeRun.alias(i), keys.get(i), "host-" + i, "service");
                var unused = client.registerAliasAsync(registration).whenComplete((changed, why) -> {
                    failure.compareAndSet(null, why);
                    free.release();
                });
            }
            free.acquire(UNDER_WAY);
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (failure.get() != null) {
                throw new IllegalStateException("registering with " + service.name(), failure.get());
            }
            return seconds;
        }
    }

    @Override
    public void close() {
        dht.close();
    }
}
