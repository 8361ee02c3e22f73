package org.aliasrpc.spring.scrape;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to a scrape whose request has given its thread back. The request has no time-out, so it is ended here,
 * whatever fails.
 *
 * <p>All is written by threads of the container: Tomcat goes on with the request, and with those that follow on its
 * connection, on the very thread that sets the listener. If it has neither a thread nor a place in its queue, even ending
 * the request would be in vain, as Tomcat needs a thread for that, too, and forgets it if it gets none. So we ask again.
 */
final class LateScrapeAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(LateScrapeAnswer.class);

    /** Before a thread is asked for again; doubled each time. */
    private static final long FIRST_PAUSE_MILLIS = 10;

    private static final long LONGEST_PAUSE_MILLIS = 1000;

    /** Who asked has left long before, and a container that stops has no thread ever again. */
    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

    private static final byte[] NONE = new byte[0];

    private final ServletScrapeResponse answer;
    private final AsyncContext async;
    private final HttpServletResponse response;
    private final boolean head;

    /**
     * @param answer whose scrape has ended when it is written
     * @param async without a time-out
     * @param response to the request
     * @param head whether the request wants no body
     */
    LateScrapeAnswer(ServletScrapeResponse answer, AsyncContext async, HttpServletResponse response, boolean head) {
        this.answer = answer;
        this.async = async;
        this.response = response;
        this.head = head;
        async.addListener(new Failure());
    }

    /** Writes it as soon as the container has a thread. Never blocks, never throws. */
    void write() {
        write(System.nanoTime(), FIRST_PAUSE_MILLIS);
    }

    private void write(long beginNanos, long pauseMillis) {
        try {
            async.start(this::listen);
        } catch (RejectedExecutionException e) {
            if (System.nanoTime() - beginNanos > PATIENCE_NANOS) {
                failed(e);
                return;
            }
            CompletableFuture.delayedExecutor(pauseMillis, TimeUnit.MILLISECONDS)
                    .execute(() -> write(beginNanos, Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS)));
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void listen() {
        try {
            ServletOutputStream out = response.getOutputStream();
            out.setWriteListener(new Body(out));
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    /** Mostly because who asked is gone; then neither this answer nor that of the container gets anywhere. */
    private void failed(Throwable failure) {
        if (failure instanceof IOException || failure instanceof IllegalStateException) {
            LOG.debug("The answer to a scrape cannot be written", failure);
        } else {
            LOG.warn("The answer to a scrape cannot be written", failure);
        }
        try {
            if (!response.isCommitted()) {
                response.reset();
                response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            }
        } catch (RuntimeException e) {
            LOG.debug("The container has ended the response", e);
        }
        complete(async);
    }

    private static void complete(AsyncContext async) {
        try {
            async.complete();
        } catch (RuntimeException e) {
            LOG.debug("The container has ended the request", e);
        }
    }

    /** Status, headers and body, as far as the reader takes it; the container calls again whenever it takes more. */
    private final class Body implements WriteListener {
        private final ServletOutputStream out;
        private @Nullable ByteBuffer left;
        private byte[] piece = NONE;

        Body(ServletOutputStream out) {
            this.out = out;
        }

        /** Throws nothing: without an answer from us the connection would just end. */
        @Override
        public void onWritePossible() {
            try {
                writePieces();
            } catch (IOException | RuntimeException e) {
                failed(e);
            }
        }

        private void writePieces() throws IOException {
            ByteBuffer body = left;
            if (body == null) {
                body = answer.begin(response);
                left = head ? body.position(body.limit()) : body;
                piece = ServletScrapeResponse.piece(body);
            }
            while (out.isReady()) {
                if (!body.hasRemaining()) {
                    async.complete();
                    return;
                }
                ServletScrapeResponse.write(body, piece, out);
            }
        }

        @Override
        public void onError(Throwable failure) {
            failed(failure);
        }
    }

    /**
     * Ends the request once more: Tomcat takes a failed write for the request's failure even if that has been ended, and
     * if nobody says otherwise dispatches it to the application's page for errors.
     */
    private static final class Failure implements AsyncListener {
        @Override
        public void onError(AsyncEvent event) {
            complete(event.getAsyncContext());
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
