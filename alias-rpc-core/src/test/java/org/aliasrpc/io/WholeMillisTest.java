package org.aliasrpc.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.util.concurrent.ThreadAwareExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeMillisTest {
    private final IoHandler handler = UdpTransport.NIO.ioHandler().newHandler(new Here());

    @AfterEach
    void close() {
        handler.prepareToDestroy();
        handler.destroy();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 300_000, 999_999, 1_000_000, 1_000_001, 2_700_000})
    void oneTurnWaitsUntilTheTimerIsDue(long delayNanos) {
        long due = System.nanoTime() + delayNanos;

        handler.run(new Waiting(due));

        assertThat(System.nanoTime()).isGreaterThanOrEqualTo(due);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -5_000_000})
    void aTimerThatIsDueIsNotWaitedFor(long delayNanos) {
        long due = System.nanoTime() + delayNanos;
        for (int i = 0; i < 10_000; i++) { // had each waited, 10 s
            handler.run(new Waiting(due));
        }

        assertThat(System.nanoTime() - due).isLessThan(9_000_000_000L);
    }

    /** What a loop with one timer and nothing else to do says. */
    private record Waiting(long dueNanos) implements IoHandlerContext {
        @Override
        public boolean canBlock() {
            return true;
        }

        @Override
        public long delayNanos(long nowNanos) {
            return Math.max(0, dueNanos - nowNanos);
        }

        @Override
        public long deadlineNanos() {
            return dueNanos;
        }
    }

    /** The calling thread is the loop's. */
    private static final class Here implements ThreadAwareExecutor {
        @Override
        public boolean isExecutorThread(Thread thread) {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }
}
