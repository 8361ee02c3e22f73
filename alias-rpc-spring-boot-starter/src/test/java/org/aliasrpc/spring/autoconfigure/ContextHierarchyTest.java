package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Objects;
import org.aliasrpc.HyperDht;
import org.aliasrpc.spring.AliasRpcClientFactory;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.testing.FakeClient;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A parent and its child that both have the auto-configurations are one application: the parent's part is the only one. */
class ContextHierarchyTest {
    @Test
    @SuppressWarnings("try") // closed by hand: the parent has to outlive the child
    void theChildLeavesTheParentsPartAlone() {
        try (ConfigurableApplicationContext child = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.application.name=app",
                        "alias-rpc.dht.host=127.0.0.1",
                        "alias-rpc.dht.port=0",
                        "alias-rpc.dht.bootstrap=127.0.0.1:1",
                        "alias-rpc.client.server-public-key=" + Keys.key(1),
                        "alias-rpc.client.secret=" + Keys.SECRET)
                .child(Child.class)
                .web(WebApplicationType.NONE)
                .run()) {
            var parent = (ConfigurableApplicationContext) Objects.requireNonNull(child.getParent());
            AliasRegistrations registrations = parent.getBean(AliasRegistrations.class);
            FakeClient client = parent.getBean(FakeClient.class);
            await().until(() -> client.asked.size() == 1);
            HyperDht node = parent.getBean(HyperDht.class);
            assertThat(child.getBeansOfType(RegistrationRunner.class)).isEmpty();

            child.close();

            registrations.registerNow();
            await().until(() -> client.asked.size() == 2);
            assertThat(parent.getBean(HyperDht.class)).isSameAs(node);
            parent.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        AliasRpcAutoConfiguration.class,
        AliasRpcClientAutoConfiguration.class,
        AliasRpcServerAutoConfiguration.class,
        AliasRpcActuatorAutoConfiguration.class,
        AliasRpcMetricsServerAutoConfiguration.class,
        AliasRpcMetricsAutoConfiguration.class
    })
    static class Child {}

    @Configuration(proxyBeanMethods = false)
    static class Application extends Child {
        @Bean
        FakeClient client() {
            return new FakeClient(Keys.key(1)).answers(true);
        }

        @Bean
        AliasRpcClientFactory clients(ObjectProvider<FakeClient> client) {
            return (name, server) -> client.getObject();
        }
    }
}
