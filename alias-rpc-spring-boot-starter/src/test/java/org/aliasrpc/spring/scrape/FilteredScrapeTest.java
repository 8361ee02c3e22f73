package org.aliasrpc.spring.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.FakeService;
import org.aliasrpc.spring.testing.HttpConnection;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.spring.testing.LoudLogs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.WebUtils;

/** The proxy behind filters that wrap the response, each on a path of its own. */
class FilteredScrapeTest {
    private static final String TEXT = "# HELP up \u00fcber\nup 1\n".repeat(10_000);
    private static final List<String> ALIASES = List.of("etag", "caching", "keeping", "blocking", "header");

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static ConfigurableApplicationContext context;

    @BeforeAll
    static void start() throws IOException {
        context = FakeService.run(Application.class, "servlet");
        FakeRegistry registry = context.getBean(FakeRegistry.class);
        for (String alias : ALIASES) {
            registry.with(alias, Keys.key(1), "", "");
        }
        registry.with("writer", Keys.key(1), "", "").with("broken", Keys.key(1), "", "");
        try (var connection = new HttpConnection(context)) {
            connection.send("GET", "/scrape/nobody/metrics").head(); // the dispatcher logs its begin
        }
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @ParameterizedTest
    @CsvSource({
        "etag, 0", "etag, 60",
        "caching, 0", "caching, 60",
        "keeping, 0", "keeping, 60",
        "blocking, 0", "blocking, 60",
        "header, 0", "header, 60",
    })
    void aFilterGetsTheWholeAnswer(String alias, int millis) throws Exception {
        try (var logs = new LoudLogs();
                var connection = new HttpConnection(context)) {
            for (String encoding : new String[] {"identity", "gzip"}) {
                HttpConnection.Head get = head(connection, "GET", alias, millis, encoding);
                assertThat(get.status()).isEqualTo(200);
                assertThat(connection.body(get)).isEqualTo(TEXT);
                assertThat(get.header("content-encoding")).isEqualTo(encoding.equals("gzip") ? "gzip" : "");
                if (alias.equals("etag")) {
                    assertThat(get.header("etag")).isNotEmpty();
                }
                if (alias.equals("header")) {
                    assertThat(get.header("x-content-type-options")).isEqualTo("nosniff");
                }
                HttpConnection.Head head = head(connection, "HEAD", alias, millis, encoding);
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.header("content-type")).isEqualTo(get.header("content-type"));
                assertThat(head.header("content-length")).isEqualTo(get.header("content-length"));
            }
            assertThat(logs.lines()).isEmpty();
        }
    }

    private static HttpConnection.Head head(
            HttpConnection connection, String method, String alias, int millis, String encoding) throws IOException {
        FakeScraper targets = context.getBean(FakeScraper.class);
        if (millis == 0) {
            targets.answers(Keys.key(1), TEXT);
        } else {
            var answer = new CompletableFuture<String>();
            targets.answersLater(Keys.key(1), answer);
            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(() -> answer.complete(TEXT));
        }
        return connection
                .send(method, "/scrape/" + alias + "/metrics", "Accept-Encoding: " + encoding)
                .head();
    }

    @Test
    void aScrapeThatDoesNotEndIsAnswered() throws Exception {
        var answer = new CompletableFuture<String>();
        context.getBean(FakeScraper.class).answersLater(Keys.key(1), answer);
        String timeout = ScrapeRequest.TIMEOUT_HEADER + ": 0.1";
        List<HttpConnection> waiting = new ArrayList<>();
        try (var logs = new LoudLogs()) {
            for (String alias : ALIASES) {
                String path = "/scrape/" + alias + "/metrics";
                new HttpConnection(context).send("GET", path, timeout).reset();
                waiting.add(new HttpConnection(context).send("GET", path, timeout));
            }
            for (HttpConnection connection : waiting) {
                HttpConnection.Head head = connection.head();
                assertThat(head.status()).isEqualTo(504);
                assertThat(connection.body(head)).isEqualTo("Upstream timed out");
            }
            answer.complete(TEXT);
            for (int i = 0; i < ALIASES.size(); i++) {
                HttpConnection connection = waiting.get(i);
                assertThat(connection.body(head(connection, "GET", ALIASES.get(i), 0, "identity")))
                        .isEqualTo(TEXT);
                connection.close();
            }
            assertThat(logs.lines()).isEmpty();
        }
    }

    /** A response has a writer or a stream. */
    @ParameterizedTest
    @ValueSource(ints = {0, 60})
    void aFilterThatTookTheWriterGetsAFailure(int millis) throws Exception {
        try (var connection = new HttpConnection(context)) {
            HttpConnection.Head head = head(connection, "GET", "writer", millis, "gzip");
            assertThat(head.status()).isEqualTo(500);
            assertThat(head.header("content-encoding")).isEmpty();
            assertThat(connection.body(head)).doesNotContain("up 1");
        }
    }

    /** As when memory runs out at the end of a scrape. */
    @ParameterizedTest
    @ValueSource(ints = {0, 60})
    void anErrorIsAFailureToo(int millis) throws Exception {
        try (var connection = new HttpConnection(context)) {
            HttpConnection.Head head = head(connection, "GET", "broken", millis, "identity");
            assertThat(head.status()).isEqualTo(500);
            assertThat(connection.body(head)).doesNotContain("up 1");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(FakeService.class)
    static class Application {
        @Bean
        ScrapeObserver breaking() {
            return (alias, entry) -> result -> {
                if (alias.equals("broken")) {
                    throw new StackOverflowError("told to");
                }
            };
        }

        @Bean
        FilterRegistrationBean<Filter> etag() {
            return on("etag", new ShallowEtagHeaderFilter());
        }

        /** As filters that log bodies. */
        @Bean
        FilterRegistrationBean<Filter> caching() {
            return on("caching", new Wrapping() {
                @Override
                void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                        throws ServletException, IOException {
                    ContentCachingResponseWrapper before =
                            WebUtils.getNativeResponse(response, ContentCachingResponseWrapper.class);
                    var wrapper = before == null ? new ContentCachingResponseWrapper(response) : before;
                    chain.doFilter(request, wrapper);
                    if (!isAsyncStarted(request)) {
                        wrapper.copyBodyToResponse();
                    }
                }
            });
        }

        @Bean
        FilterRegistrationBean<Filter> keeping() {
            return on("keeping", keepsTheBody());
        }

        /** It knows nothing of asynchronous requests. */
        @Bean
        FilterRegistrationBean<Filter> blocking() {
            FilterRegistrationBean<Filter> filter = on("blocking", keepsTheBody());
            filter.setAsyncSupported(false);
            return filter;
        }

        /** As those of Spring Security: a wrapper that passes the body on. */
        @Bean
        FilterRegistrationBean<Filter> header() {
            return on("header", new Wrapping() {
                @Override
                void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                        throws ServletException, IOException {
                    response.setHeader("X-Content-Type-Options", "nosniff");
                    chain.doFilter(request, new HttpServletResponseWrapper(response));
                }
            });
        }

        @Bean
        FilterRegistrationBean<Filter> writer() {
            return on("writer", (request, response, chain) -> {
                response.getWriter();
                chain.doFilter(request, response);
            });
        }

        private static Filter keepsTheBody() {
            return new Wrapping() {
                @Override
                void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                        throws ServletException, IOException {
                    KeepsTheBody before = WebUtils.getNativeResponse(response, KeepsTheBody.class);
                    KeepsTheBody wrapper = before == null ? new KeepsTheBody(response) : before;
                    chain.doFilter(request, wrapper);
                    if (!isAsyncStarted(request)) {
                        wrapper.getResponse().getOutputStream().write(wrapper.kept.toByteArray());
                    }
                }
            };
        }

        private static FilterRegistrationBean<Filter> on(String alias, Filter filter) {
            var registration = new FilterRegistrationBean<>(filter);
            registration.addUrlPatterns("/scrape/" + alias + "/*");
            return registration;
        }
    }

    /** On every pass of a request. */
    private abstract static class Wrapping extends OncePerRequestFilter {
        @Override
        protected final boolean shouldNotFilterAsyncDispatch() {
            return false;
        }

        @Override
        protected final void doFilterInternal(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            filter(request, response, chain);
        }

        abstract void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException;
    }

    private static final class KeepsTheBody extends HttpServletResponseWrapper {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        KeepsTheBody(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() {
            return new ServletOutputStream() {
                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new UnsupportedOperationException("only blocking writes");
                }

                @Override
                public void write(int b) {
                    kept.write(b);
                }
            };
        }
    }
}
