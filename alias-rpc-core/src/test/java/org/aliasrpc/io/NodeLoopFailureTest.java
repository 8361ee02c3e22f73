package org.aliasrpc.io;

import static java.util.concurrent.TimeUnit.SECONDS;
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
        loop.close().get(5, SECONDS);
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

        called.get(5, SECONDS);
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

        done.get(5, SECONDS);
    }

    @Test
    void aTurnThatFailsForTheFirstTimeIsTriedAgainAtOnceAndLaterWithPauses() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        List<Long> at = new ArrayList<>();
        loop.execute(() -> {
            loop.drive(machine);
            for (int i = 0; i < 3; i++) {
                machine.onTurnEnd.add(() -> {
                    at.add(loop.nowNanos());
                    throw new IllegalStateException("thrown by a test");
                });
            }
            machine.onTurnEnd.add(() -> {
                at.add(loop.nowNanos());
                done.complete(null);
            });
        });

        done.get(5, SECONDS);
        assertThat(at.get(1) - at.get(0)).isLessThan(90_000_000);
        assertThat(at.get(2) - at.get(1)).isGreaterThanOrEqualTo(100_000_000);
        assertThat(at.get(3) - at.get(2)).isGreaterThanOrEqualTo(100_000_000);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aTaskThatFailsIsTheOnlyOneLost(Throwable failure) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();

        loop.execute(() -> sneak(failure));
        loop.execute(() -> done.complete(null));

        done.get(5, SECONDS);
    }

    @Test
    void aMachineThatCannotSayWhenItWantsToBeCalledIsAskedAgain() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            loop.drive(machine);
            machine.onNextTimeout.add(() -> sneak(new StackOverflowError("thrown by a test")));
            machine.onNextTimeout.add(() -> done.complete(null));
        });

        done.get(5, SECONDS);
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

        terminated.get(5, SECONDS);
        assertThat(last).isDone(); // what was taken has run
        assertThatThrownBy(() -> breakable.loop().execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        breakable.loop().close().get(5, SECONDS);
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
