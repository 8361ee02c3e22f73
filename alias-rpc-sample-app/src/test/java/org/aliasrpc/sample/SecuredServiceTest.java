package org.aliasrpc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.testing.Processes;
import org.aliasrpc.testing.TestHttp;
import org.aliasrpc.testing.Testnets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.preauth.RequestHeaderAuthenticationFilter;

/** The service with Spring Security: nothing is open by itself, and Prometheus can be let in, and nobody else. */
class SecuredServiceTest {
    private static final HttpClient PLAIN = HttpClient.newHttpClient();
    private static final String TOKEN = "a-token-that-only-prometheus-knows";

    @AutoClose
    private static final LocalTestnet testnet = Testnets.start(2);

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // every test starts one
    private ConfigurableApplicationContext context;

    @AfterEach
    void stop() {
        context.close();
    }

    private void start(Class<?> configuration, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.profiles.active=server",
                "--server.port=0",
                "--alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0),
                "--alias-rpc.dht.host=127.0.0.1",
                "--alias-rpc.dht.port=0",
                "--alias-rpc.key-pair.seed=" + "5a".repeat(32),
                "--alias-rpc.server.secret=" + "a5".repeat(32),
                "--alias-rpc.server.status-page.enabled=true",
                "--prometheus.token=" + TOKEN));
        arguments.addAll(List.of(more));
        context = new SpringApplicationBuilder(SampleApplication.class, configuration)
                .run(arguments.toArray(String[]::new));
    }

    private HttpResponse<String> send(HttpClient http, String scheme, String method, String path, String... headers)
            throws InterruptedException {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        var request = HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return TestHttp.send(http, request, HttpResponse.BodyHandlers.ofString());
    }

    private int status(String method, String path, String... headers) throws InterruptedException {
        return send(PLAIN, "http", method, path, headers).statusCode();
    }

    @Test
    void nothingIsOpenByItself() throws Exception {
        start(Nothing.class);
        for (String path : List.of(
                "/scrape/app/metrics",
                "/alias-rpc",
                "/alias-rpc/state",
                "/actuator/aliasrpctargets",
                "/actuator/aliasrpc",
                "/actuator/aliasrpc/app",
                "/actuator/aliasrpcevents")) {
            assertThat(status("GET", path)).as(path).isEqualTo(401);
        }
    }

    @Test
    void prometheusComesInWithItsTokenAndNobodyElse() throws Exception {
        start(SecurityExample.class);
        String[] token = {"Authorization", "Bearer " + TOKEN};
        assertThat(status("GET", "/actuator/aliasrpctargets", token)).isEqualTo(200);
        assertThat(status("GET", "/scrape/nobody/metrics", token))
                .as("let in; this alias is unknown")
                .isEqualTo(404);
        assertThat(status("GET", "/actuator/aliasrpc", token))
                .as("not for Prometheus")
                .isEqualTo(403);
        assertThat(status("GET", "/alias-rpc", token)).isEqualTo(403);
        for (String path : List.of("/actuator/aliasrpctargets", "/scrape/nobody/metrics", "/alias-rpc")) {
            assertThat(status("GET", path)).as(path).isEqualTo(401);
            assertThat(status("GET", path, "Authorization", "Bearer " + TOKEN + "x"))
                    .as(path)
                    .isEqualTo(401);
            assertThat(status("GET", path, "Authorization", "Bearer ")).as(path).isEqualTo(401);
        }
        assertThat(status("DELETE", "/actuator/aliasrpc/app", token)).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void tlsComesFromABundle(String scheme) throws Exception {
        Path store = keyStore();
        start(
                SecurityExample.class,
                "--server.ssl.bundle=prometheus",
                "--spring.ssl.bundle.jks.prometheus.keystore.location=" + store.toUri(),
                "--spring.ssl.bundle.jks.prometheus.keystore.password=password",
                "--spring.ssl.bundle.jks.prometheus.keystore.type=PKCS12");
        HttpClient http = HttpClient.newBuilder().sslContext(trusting(store)).build();
        var response = send(http, scheme, "GET", "/actuator/aliasrpctargets", "Authorization", "Bearer " + TOKEN);
        if (scheme.equals("https")) {
            assertThat(response.statusCode()).isEqualTo(200);
        } else {
            assertThat(response.statusCode()).as("no plain text").isEqualTo(400);
        }
    }

    private static Path keyStore() throws IOException, InterruptedException {
        Path store = directory.resolve("service.p12");
        if (!Files.exists(store)) {
            Processes.run(new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "service",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=127.0.0.1",
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    "password",
                    "-keystore",
                    store.toString()));
        }
        return store;
    }

    private static SSLContext trusting(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("service", keys.getCertificate("service"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    @Configuration(proxyBeanMethods = false)
    static class SecurityExample {
        @Bean
        SecurityFilterChain prometheusOnly(HttpSecurity http, @Value("${prometheus.token}") String token)
                throws Exception {
            byte[] expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
            var bearer = new RequestHeaderAuthenticationFilter();
            bearer.setPrincipalRequestHeader(HttpHeaders.AUTHORIZATION);
            bearer.setExceptionIfHeaderMissing(false);
            bearer.setAuthenticationManager(asked -> {
                byte[] given = String.valueOf(asked.getPrincipal()).getBytes(StandardCharsets.UTF_8);
                if (!MessageDigest.isEqual(given, expected)) {
                    throw new BadCredentialsException("not the token");
                }
                return new PreAuthenticatedAuthenticationToken(
                        "prometheus", "", AuthorityUtils.createAuthorityList("ROLE_PROMETHEUS"));
            });
            return http.addFilter(bearer)
                    .authorizeHttpRequests(requests -> requests.requestMatchers(
                                    HttpMethod.GET, "/scrape/**", "/actuator/aliasrpctargets")
                            .hasRole("PROMETHEUS")
                            .anyRequest()
                            .denyAll())
                    .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .csrf(csrf -> csrf.disable()) // no sessions, so nothing to forge
                    .exceptionHandling(failures ->
                            failures.authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED)))
                    .build();
        }
    }
}
