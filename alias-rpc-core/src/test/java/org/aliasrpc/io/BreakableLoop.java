package org.aliasrpc.io;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandler;

/** A loop whose thread can be made to end by an error, as it does when there is no memory left at a bad moment. */
public final class BreakableLoop {
    private final NodeLoop loop;
    private volatile boolean broken;

    /**
     * @param name of its thread
     */
    public BreakableLoop(String name) {
        IoHandlerFactory nio = NioIoHandler.newFactory();
        IoHandlerFactory breakable = executor -> new Handler(nio.newHandler(executor));
        this.loop = NodeLoop.start(UdpTransport.NIO, breakable, name);
    }

    public NodeLoop loop() {
        return loop;
    }

    /** The thread ends. */
    public void breakDown() {
        broken = true;
        loop.tryExecute(() -> {});
    }

    private final class Handler implements IoHandler {
        private final IoHandler nio;

        Handler(IoHandler nio) {
            this.nio = nio;
        }

        @Override
        public int run(IoHandlerContext context) {
            if (broken) {
                throw new OutOfMemoryError("thrown by a test");
            }
            return nio.run(context);
        }

        @Override
        public void initialize() {
            nio.initialize();
        }

        @Override
        public void prepareToDestroy() {
            nio.prepareToDestroy();
        }

        @Override
        public void destroy() {
            nio.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return nio.register(handle);
        }

        @Override
        public void wakeup() {
            nio.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return nio.isCompatible(handleType);
        }
    }
}
