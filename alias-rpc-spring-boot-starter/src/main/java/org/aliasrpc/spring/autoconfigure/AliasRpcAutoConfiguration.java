package org.aliasrpc.spring.autoconfigure;

import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.HyperDht;
import org.aliasrpc.HyperDhtOptions;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.HyperDhtCustomizer;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.event.AliasRpcEventRing;
import org.aliasrpc.spring.event.AliasRpcEventWatcher;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** What every role needs: identity, DHT node, events. Nothing here opens a socket until a role asks for the node. */
@AutoConfiguration
@ConditionalOnClass(HyperDht.class)
@ConditionalOnBooleanProperty(name = "alias-rpc.enabled", matchIfMissing = true)
@EnableConfigurationProperties({AliasRpcProperties.class, AliasRpcDhtProperties.class})
public final class AliasRpcAutoConfiguration {
    private static final String DHT_BEAN = "hyperDht";

    @Bean
    @Lazy // it may make a file
    @ConditionalOnMissingBean
    AliasRpcIdentity aliasRpcIdentity(AliasRpcProperties properties, Environment environment) {
        boolean aliasServer = environment.getProperty("alias-rpc.server.enabled", Boolean.class, false);
        return Identities.from(properties.keyPair(), aliasServer, new SecureRandom());
    }

    @Bean(name = DHT_BEAN, destroyMethod = "close")
    @Lazy // it opens sockets
    @ConditionalOnMissingBean
    HyperDht hyperDht(
            AliasRpcDhtProperties properties,
            ObjectProvider<AliasRpcConnectionDetails> details,
            ObjectProvider<HyperDhtCustomizer> customizers,
            Environment environment) {
        HyperDhtOptions.Builder options = DhtOptions.from(properties, details.getIfAvailable());
        if (Threading.VIRTUAL.isActive(environment)) {
            options.callbackExecutor(threads("alias-rpc-callback-", environment));
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(options));
        return HyperDht.create(options.build());
    }

    @Bean
    NetworkLifecycle aliasRpcDhtLifecycle(ConfigurableListableBeanFactory beans) {
        return new NetworkLifecycle(
                "DHT node",
                Phases.DHT,
                () -> {}, // made by whoever needs it first
                () -> beans.containsSingleton(DHT_BEAN)
                        ? beans.getBean(DHT_BEAN, HyperDht.class).closeAsync()
                        : CompletableFuture.completedStage(null));
    }

    @Bean
    @ConditionalOnMissingBean
    AliasRpcEventRing aliasRpcEventRing(AliasRpcProperties properties) {
        Checks.between("alias-rpc.events.ring", properties.events().ring(), 1, 1_000_000);
        return new AliasRpcEventRing(properties.events().ring());
    }

    @Bean
    ServerEventLog aliasRpcServerEventLog() {
        return new ServerEventLog();
    }

    @Bean
    @ConditionalOnMissingBean
    AliasRpcEventPublisher aliasRpcEventPublisher(
            AliasRpcProperties properties,
            ObjectProvider<AliasRpcEventWatcher> watchers,
            ObjectProvider<EventAuditor> auditors,
            ApplicationEventPublisher publisher,
            Environment environment) {
        EventAuditor auditor = auditors.getIfAvailable();
        boolean publish = properties.events().publish();
        return new AliasRpcEventPublisher(
                watchers.orderedStream().toList(),
                event -> {
                    if (auditor != null) {
                        auditor.audit(event);
                    }
                    if (publish || !(event instanceof AliasRpcEvent)) {
                        publisher.publishEvent(event);
                    }
                },
                threads("alias-rpc-events-", environment),
                Phases.EVENTS);
    }

    private static SimpleAsyncTaskExecutor threads(String prefix, Environment environment) {
        var executor = new SimpleAsyncTaskExecutor(prefix);
        executor.setVirtualThreads(Threading.VIRTUAL.isActive(environment));
        executor.setDaemon(true);
        return executor;
    }
}
