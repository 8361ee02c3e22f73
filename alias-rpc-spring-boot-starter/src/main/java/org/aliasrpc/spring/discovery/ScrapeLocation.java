package org.aliasrpc.spring.discovery;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * Where Prometheus reaches the scrape proxy. Asked anew for each list: the port is known when the web server runs. Not for
 * each alias: a property is looked for in every source of them, which took nine tenths of the time for a list.
 */
public final class ScrapeLocation {
    private static final String VARIABLE = "{alias}";

    private final Environment environment;
    private final @Nullable String address;
    private final String path;

    /**
     * @param environment of the application, for the address of its web server
     * @param address {@code host:port} that is used whatever the environment says; null for none
     * @param path of the proxy, with a variable {@code alias}
     */
    public ScrapeLocation(Environment environment, @Nullable String address, String path) {
        this.environment = environment;
        this.address = address;
        this.path = path;
    }

    /**
     * The answer.
     *
     * @param address {@code host:port} of the proxy
     * @param secure whether it speaks TLS
     * @param path of the metrics of an alias, with a variable {@code alias}
     */
    record Found(String address, boolean secure, String path) {
        /**
         * @param alias the name
         * @return the path of its metrics, percent-encoded where needed
         */
        String path(String alias) {
            return path.replace(
                    VARIABLE, URLEncoder.encode(alias, StandardCharsets.UTF_8).replace("+", "%20"));
        }
    }

    /**
     * @param askedHost the host under which this process was asked, without port; empty if unknown
     * @return the configured address, else the host that was asked, else the one the web server is bound to; with the port
     *     of the main web server
     */
    Found find(String askedHost) {
        return new Found(address(askedHost), secure(), contextPath() + path);
    }

    private String address(String askedHost) {
        if (address != null) {
            return address;
        }
        String host = askedHost.isEmpty() ? environment.getProperty("server.address", "localhost") : askedHost;
        boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + port();
    }

    private String port() {
        String port = environment.getProperty("local.server.port");
        return port != null ? port : environment.getProperty("server.port", "8080");
    }

    private String contextPath() {
        String base = environment.getProperty(
                "server.servlet.context-path", environment.getProperty("spring.webflux.base-path", ""));
        String servlet = environment.getProperty("spring.mvc.servlet.path", "");
        return trimmed(base) + trimmed(servlet);
    }

    private static String trimmed(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private boolean secure() {
        boolean configured = environment.containsProperty("server.ssl.bundle")
                || environment.containsProperty("server.ssl.key-store")
                || environment.containsProperty("server.ssl.certificate");
        return configured && environment.getProperty("server.ssl.enabled", Boolean.class, true);
    }
}
