package org.aliasrpc.spring.test;

import java.util.List;
import java.util.Map;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Does what {@link LocalAliasRpc} says. */
final class LocalAliasRpcContextCustomizerFactory implements ContextCustomizerFactory {
    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        // As Spring finds its own: on the class around a nested one, too.
        LocalAliasRpc annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass, LocalAliasRpc.class);
        return annotation == null ? null : new Customizer(annotation.nodes());
    }

    /**
     * Adds the server and its connection details. A record, so that contexts with equal ones are shared.
     *
     * @param nodes of the DHT
     */
    private record Customizer(int nodes) implements ContextCustomizer {
        private static final String SERVER_BEAN = "localAliasServer";

        @Override
        public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration merged) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "localAliasRpc", Map.of("alias-rpc.dht.host", "127.0.0.1", "alias-rpc.dht.port", "0")));
            BeanDefinitionRegistry registry = (BeanDefinitionRegistry) context.getBeanFactory();
            RootBeanDefinition server = new RootBeanDefinition(LocalAliasServer.class, this::start);
            server.setDestroyMethodName("close");
            server.setAutowireCandidate(true);
            registry.registerBeanDefinition(SERVER_BEAN, server);
            registry.registerBeanDefinition(
                    "localAliasRpcConnectionDetails",
                    new RootBeanDefinition(
                            AliasRpcConnectionDetails.class,
                            () -> context.getBean(SERVER_BEAN, LocalAliasServer.class)
                                    .connectionDetails()));
        }

        private LocalAliasServer start() {
            try {
                return LocalAliasServer.start(nodes);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while starting a local DHT", e);
            }
        }
    }
}
