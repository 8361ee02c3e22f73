package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.HyperDht;
import org.aliasrpc.spring.AliasRpcClientCustomizer;
import org.aliasrpc.spring.AliasRpcServerCustomizer;
import org.aliasrpc.spring.HyperDhtCustomizer;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Customizers change what the properties say, in their order; the last word is the lowest precedence's. */
class CustomizersTest {
    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AliasRpcAutoConfiguration.class,
                    AliasRpcServerAutoConfiguration.class,
                    AliasRpcClientAutoConfiguration.class))
            .withUserConfiguration(Customizers.class)
            .withPropertyValues(
                    "spring.application.name=app",
                    "alias-rpc.dht.host=127.0.0.1",
                    "alias-rpc.dht.port=0",
                    "alias-rpc.dht.bootstrap=127.0.0.1:1");

    @Test
    void ofTheClient() {
        contextRunner
                .withPropertyValues(
                        "alias-rpc.client.server-public-key=" + Keys.key(1),
                        "alias-rpc.client.secret=" + Keys.SECRET,
                        "alias-rpc.client.request-timeout=10s")
                .run(context -> {
                    assertThat(context.getBean(AliasRpcClient.class).timeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(calls(context)).containsSubsequence("client default 1s", "client default 2s");
                });
    }

    @Test
    void ofTheServer() {
        contextRunner
                .withPropertyValues("alias-rpc.server.enabled=true", "alias-rpc.server.secret=" + Keys.SECRET)
                .run(context -> {
                    assertThat(context).hasSingleBean(AliasRpcServer.class);
                    assertThat(calls(context)).containsSubsequence("server 1", "server 2");
                });
    }

    @Test
    void ofTheNode() {
        contextRunner.run(context -> {
            assertThat(calls(context)).as("before anybody needs the node").isEmpty();
            assertThat(context.getBean(HyperDht.class).defaultKeyPair().publicKey())
                    .isEqualTo(Keys.key(0x42));
            assertThat(calls(context)).containsExactly("node 1", "node 2");
        });
    }

    private static List<String> calls(org.springframework.context.ApplicationContext context) {
        return context.getBean(Calls.class).all;
    }

    static final class Calls {
        final List<String> all = new CopyOnWriteArrayList<>();
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {
        private final Calls calls = new Calls();

        @Bean
        Calls calls() {
            return calls;
        }

        @Bean
        @Order(2)
        AliasRpcClientCustomizer laterClient() {
            return client(2);
        }

        @Bean
        @Order(1)
        AliasRpcClientCustomizer client() {
            return client(1);
        }

        private AliasRpcClientCustomizer client(int seconds) {
            return (server, client) -> {
                calls.all.add("client " + server + " " + seconds + "s");
                client.timeout(Duration.ofSeconds(seconds));
            };
        }

        @Bean
        @Order(2)
        AliasRpcServerCustomizer laterServer() {
            return server -> calls.all.add("server 2");
        }

        @Bean
        @Order(1)
        AliasRpcServerCustomizer server() {
            return server -> calls.all.add("server 1");
        }

        @Bean
        @Order(2)
        HyperDhtCustomizer laterNode() {
            return options -> {
                calls.all.add("node 2");
                options.keyPair(Keys.pair(0x42));
            };
        }

        @Bean
        @Order(1)
        HyperDhtCustomizer node() {
            return options -> {
                calls.all.add("node 1");
                options.keyPair(Keys.pair(0x41));
            };
        }
    }
}
