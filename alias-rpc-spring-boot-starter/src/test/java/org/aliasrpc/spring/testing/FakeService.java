package org.aliasrpc.spring.testing;

import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.AliasRpcServer;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A service whose server, table and targets are fakes, so that it needs no network; its web side is real. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class FakeService {
    /**
     * @param kind of web application, {@code servlet} or {@code reactive}
     * @param properties besides those that every test needs
     */
    public static ConfigurableApplicationContext run(String kind, String... properties) {
        return run(FakeService.class, kind, properties);
    }

    /**
     * @param configuration that imports this one
     * @param kind of web application, {@code servlet} or {@code reactive}
     * @param properties besides those that every test needs
     */
    public static ConfigurableApplicationContext run(Class<?> configuration, String kind, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "spring.main.web-application-type=" + kind,
                "server.port=0",
                "server.address=127.0.0.1",
                "alias-rpc.dht.bootstrap=127.0.0.1:1",
                "alias-rpc.dht.host=127.0.0.1",
                "alias-rpc.server.enabled=true"));
        all.addAll(List.of(properties));
        return new SpringApplicationBuilder(configuration)
                .properties(all.toArray(String[]::new))
                .run();
    }

    @Bean
    AliasRpcServer server() {
        return new FakeServer();
    }

    @Bean
    FakeRegistry registry() {
        return new FakeRegistry();
    }

    @Bean
    FakeScraper scraper() {
        return new FakeScraper();
    }
}
