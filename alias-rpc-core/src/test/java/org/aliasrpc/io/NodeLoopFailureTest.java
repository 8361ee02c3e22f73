package org.aliasrpc.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A loop whose machine fails in the worst ways goes on; one whose thread dies says so. */
class NodeLoopFailureTest {
    private static final long PAUSE_NANOS = 100_000_000;

    private final NodeLoop loop = NodeLoop.start(UdpTransport.NIO, "test-loop");
    private final Faulty machine = new Faulty();

    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalStateException("thrown by a test"),
                new OutOfMemoryError("thrown by a test"),
                new NoClassDefFoundError("thrown by a test"),
                new StackOverflowError("thrown by a test"));
    }

    @AfterEach
    void close() throws Exception {
        loop.close().get(PATIENCE_SECONDS, SECONDS);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aTimerThatFailsIsCalledAgain(Throwable failure) throws Exception {
        CompletableFuture<Void> called = new CompletableFuture<>();
        loop.execute(() -> {
            loop.drive(machine);
            machine.onTimeout.add(() -> sneak(failure));
            machine.onTimeout.add(() -> sneak(failure));
            machine.onTimeout.add(() -> {
                machine.nextTimeout = Long.MAX_VALUE;
                called.complete(null);
            });
            machine.nextTimeout = loop.nowNanos();
        });

        called.get(PATIENCE_SECONDS, SECONDS);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatATurnThatFailedHasLeftIsDoneWithoutAnotherInput(Throwable failure) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            loop.drive(machine);
            machine.onTurnEnd.add(() -> sneak(failure));
            machine.onTurnEnd.add(() -> done.complete(null));
        });

        done.get(PATIENCE_SECONDS, SECONDS);
    }

    /**
     * A machine that is busy makes a pause longer, never shorter, and two failures far apart are both first ones: so the
     * shortest of some runs tells.
     */
    @Test
    void aTurnThatFailsForTheFirstTimeIsTriedAgainAtOnceAndLaterWithPauses() throws Exception {
        long shortest = Long.MAX_VALUE;
        for (int run = 0; run < 30 && shortest >= PAUSE_NANOS; run++) {
            List<Long> at = threeFailures();
            long first = at.get(1) - at.get(0);
            shortest = Math.min(shortest, first);
            if (first < PAUSE_NANOS) {
                assertThat(at.get(2) - at.get(1)).isGreaterThanOrEqualTo(PAUSE_NANOS);
            }
        }

        assertThat(shortest).isLessThan(PAUSE_NANOS);
    }

    /** When three turns have failed, each tried again by itself, and the fourth has not. */
    private List<Long> threeFailures() throws Exception {
        NodeLoop fresh = NodeLoop.start(UdpTransport.NIO, "test-loop");
        Faulty faulty = new Faulty();
        CompletableFuture<Void> done = new CompletableFuture<>();
        List<Long> at = new ArrayList<>();
        fresh.execute(() -> {
            fresh.drive(faulty);
            for (int i = 0; i < 3; i++) {
                faulty.onTurnEnd.add(() -> {
                    at.add(fresh.nowNanos());
                    throw new IllegalStateException("thrown by a test");
                });
            }
            faulty.onTurnEnd.add(() -> {
                at.add(fresh.nowNanos());
                done.complete(null);
            });
        });
        done.get(PATIENCE_SECONDS, SECONDS);
        fresh.close().get(PATIENCE_SECONDS, SECONDS);
        return at;
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aTaskThatFailsIsTheOnlyOneLost(Throwable failure) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();

        loop.execute(() -> sneak(failure));
        loop.execute(() -> done.complete(null));

        done.get(PATIENCE_SECONDS, SECONDS);
    }

    @Test
    void aMachineThatCannotSayWhenItWantsToBeCalledIsAskedAgain() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            loop.drive(machine);
            machine.onNextTimeout.add(() -> sneak(new StackOverflowError("thrown by a test")));
            machine.onNextTimeout.add(() -> done.complete(null));
        });

        done.get(PATIENCE_SECONDS, SECONDS);
    }

    @Test
    void aThreadThatDiesIsNoticed() throws Exception {
        BreakableLoop breakable = new BreakableLoop("test-breakable");
        CompletableFuture<Void> terminated = breakable.loop().terminated();
        CompletableFuture<Void> last = new CompletableFuture<>();

        breakable.loop().execute(() -> {
            breakable.breakDown();
            breakable.loop().execute(() -> last.complete(null));
        });

        terminated.get(PATIENCE_SECONDS, SECONDS);
        assertThat(last).isDone(); // what was taken has run
        assertThatThrownBy(() -> breakable.loop().execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        breakable.loop().close().get(PATIENCE_SECONDS, SECONDS);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    /** Does in each call what the test wants next. */
    private static final class Faulty implements Machine {
        final List<Runnable> onTimeout = new ArrayList<>();
        final List<Runnable> onTurnEnd = new ArrayList<>();
        final List<Runnable> onNextTimeout = new ArrayList<>();
        long nextTimeout = Long.MAX_VALUE;

        @Override
        public void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {}

        @Override
        public void onTimeout(long nowNanos) {
            next(onTimeout);
        }

        @Override
        public void onTurnEnd(long nowNanos) {
            next(onTurnEnd);
        }

        @Override
        public @Nullable Transmit pollTransmit(long nowNanos) {
            return null;
        }

        @Override
        public long nextTimeout() {
            next(onNextTimeout);
            return nextTimeout;
        }

        private static void next(List<Runnable> steps) {
            if (!steps.isEmpty()) {
                steps.remove(0).run();
            }
        }
    }
}
