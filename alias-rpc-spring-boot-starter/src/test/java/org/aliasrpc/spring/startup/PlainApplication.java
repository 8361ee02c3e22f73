package org.aliasrpc.spring.startup;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.annotation.Bean;

/**
 * An ordinary web application with Actuator that knows nothing of alias-rpc: the starter is on its class path, or not.
 * Prints what its start cost when it is asked to by a line on standard input, and ends.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class PlainApplication {
    static final String RESULT = "startup-result ";

    private static final CountDownLatch READY = new CountDownLatch(1);
    private static volatile String started = "";

    @Bean
    static org.springframework.context.ApplicationListener<ApplicationStartedEvent> onStarted() {
        return event -> {
            var runtime = ManagementFactory.getRuntimeMXBean();
            long sinceJvm = Duration.between(Instant.ofEpochMilli(runtime.getStartTime()), Instant.now())
                    .toMillis();
            long main = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000;
            started = Objects.requireNonNull(event.getTimeTaken()).toMillis() + " " + sinceJvm + " " + main + " "
                    + cpuMillis();
        };
    }

    @Bean
    static org.springframework.context.ApplicationListener<ApplicationReadyEvent> onReady() {
        return event -> READY.countDown();
    }

    public static void main(String[] args) throws Exception {
        try (var context = SpringApplication.run(PlainApplication.class, args)) {
            READY.await();
            System.out.println("startup-beans " + context.getBeanDefinitionCount());
            System.out.println("startup-ready");
            int asked = System.in.read(); // the parent knows when there is nothing left to do
            if (asked < 0) {
                return;
            }
            long cpu = cpuMillis();
            System.out.println(RESULT + started + " " + cpu + " " + heapAfterCollection());
        }
    }

    private static long cpuMillis() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toMillis();
    }

    /** Bytes: the least of several collections, since references are cleared in more than one step. */
    private static long heapAfterCollection() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
