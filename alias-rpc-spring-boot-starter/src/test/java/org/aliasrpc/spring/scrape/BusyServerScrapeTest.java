package org.aliasrpc.spring.scrape;

import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.FakeService;
import org.aliasrpc.spring.testing.HttpConnection;
import org.aliasrpc.spring.testing.Keys;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A web server that has neither a thread nor a place in its queue when a scrape ends: one of each, both taken. */
class BusyServerScrapeTest {
    private static final String TEXT = "# HELP up \u00fcber\nup 1\n";
    private static final Semaphore HELD = new Semaphore(0);
    private static final Semaphore RELEASED = new Semaphore(0);

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ConfigurableApplicationContext context;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ThreadPoolExecutor threads;

    @BeforeAll
    static void start() {
        context = FakeService.run(
                Application.class,
                "servlet",
                "spring.lifecycle.timeout-per-shutdown-phase=1s",
                "server.tomcat.threads.max=1",
                "server.tomcat.threads.min-spare=1",
                "server.tomcat.threads.max-queue-capacity=1");
        context.getBean(FakeRegistry.class).with("app", Keys.key(1), "", "");
        var server =
                (TomcatWebServer) Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer());
        threads = (ThreadPoolExecutor)
                server.getTomcat().getConnector().getProtocolHandler().getExecutor();
    }

    @AfterAll
    static void stop() {
        RELEASED.release(100);
        context.close();
    }

    private static ConditionFactory eventually() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    /** The scrapes of these readers, each under way and without a thread. */
    private static CompletableFuture<String> late(List<HttpConnection> readers) {
        FakeScraper targets = context.getBean(FakeScraper.class);
        var answer = new CompletableFuture<String>();
        targets.answersLater(Keys.key(1), answer);
        targets.timeouts.clear();
        for (HttpConnection reader : readers) {
            reader.send("GET", "/scrape/app/metrics");
            int asked = readers.indexOf(reader) + 1;
            eventually().until(() -> targets.timeouts.size() == asked && threads.getActiveCount() == 0);
        }
        return answer;
    }

    @Test
    void anAnswerWaitsForAThread() throws Exception {
        List<HttpConnection> readers = new ArrayList<>();
        try (var holder = new HttpConnection(context);
                var next = new HttpConnection(context)) {
            for (int i = 0; i < 4; i++) {
                readers.add(new HttpConnection(context));
            }
            CompletableFuture<String> answer = late(readers);
            holder.send("GET", "/hold");
            assertThat(HELD.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            next.send("GET", "/hold");
            eventually().until(() -> threads.getQueue().remainingCapacity() == 0);
            answer.complete(TEXT); // tells all on this thread, and none of them gets one
            RELEASED.release(2);
            for (HttpConnection reader : readers) {
                HttpConnection.Head head = reader.head();
                assertThat(head.status()).isEqualTo(200);
                assertThat(reader.body(head)).isEqualTo(TEXT);
            }
            assertThat(holder.head().status()).isEqualTo(200);
            assertThat(next.head().status()).isEqualTo(200);
            for (HttpConnection reader : readers) {
                assertThat(reader.send("GET", "/scrape/nobody/metrics").head().status())
                        .as("the next one on the connection")
                        .isEqualTo(404);
            }
        } finally {
            readers.forEach(HttpConnection::close);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(FakeService.class)
    static class Application {
        @Bean
        ServletRegistrationBean<HttpServlet> hold() {
            return new ServletRegistrationBean<>(new Holding(), "/hold");
        }
    }

    /** Takes the thread of its request. */
    private static final class Holding extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            HELD.release();
            try {
                assertThat(RELEASED.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
