package org.aliasrpc.io;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a handler that can only wait for whole milliseconds wait until the next timer is due, up to a millisecond longer
 * than asked. By itself the JDK's selector as Netty 4.2 uses it waits for less and then polls without pause for what is
 * left of the last millisecond: most of what a node of few packets uses. Confined to the loop, but for wake-ups.
 */
final class WholeMillis implements IoHandler {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final IoHandler handler;
    private @Nullable Context context; // always of the same loop

    WholeMillis(IoHandler handler) {
        this.handler = handler;
    }

    /** Makes the same handlers, each with such waits. */
    static IoHandlerFactory factory(IoHandlerFactory handlers) {
        return executor -> new WholeMillis(handlers.newHandler(executor));
    }

    @Override
    public int run(IoHandlerContext given) {
        Context rounding = context;
        if (rounding == null || rounding.given != given) {
            rounding = new Context(given);
            context = rounding;
        }
        return handler.run(rounding);
    }

    private record Context(IoHandlerContext given) implements IoHandlerContext {
        @Override
        public boolean canBlock() {
            return given.canBlock();
        }

        @Override
        public long delayNanos(long nowNanos) {
            long delay = given.delayNanos(nowNanos);
            return delay <= 0 || delay > Long.MAX_VALUE - MILLI ? delay : (delay + MILLI - 1) / MILLI * MILLI;
        }

        @Override
        public long deadlineNanos() {
            return given.deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long nanos) {
            given.reportActiveIoTime(nanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return given.shouldReportActiveIoTime();
        }
    }

    @Override
    public void initialize() {
        handler.initialize();
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return handler.register(handle);
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }
}
