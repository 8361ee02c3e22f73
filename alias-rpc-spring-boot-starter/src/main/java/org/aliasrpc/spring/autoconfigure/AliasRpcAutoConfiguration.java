package org.aliasrpc.spring.autoconfigure;

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
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** What every role needs: identity, DHT node, events. Nothing here opens a socket until a role asks for the node. */
@AutoConfiguration
@ConditionalOnClass(HyperDht.class)
@ConditionalOnBooleanProperty(name = "alias-rpc.enabled", matchIfMissing = true)
// In a hierarchy of contexts the topmost with this has everything: its children must not stop what is not theirs.
@ConditionalOnMissingBean(name = "aliasRpcDhtLifecycle")
@ImportRuntimeHints(AliasRpcRuntimeHints.class)
public final class AliasRpcAutoConfiguration {
    // Beans of one concern share a class, and conditions stand on methods: a nested class costs each start the reading
    // of
    // another class file, conditions of its own and one more bean.

    @Bean
    AliasRpcProperties aliasRpcProperties(Environment environment) {
        return PropertyReader.common(environment);
    }

    @Bean
    AliasRpcDhtProperties aliasRpcDhtProperties(Environment environment) {
        return PropertyReader.dht(environment);
    }

    /** Who this process is, unless the application says it. */
    @Bean
    @Lazy // it may make a file
    @ConditionalOnMissingBean(AliasRpcIdentity.class)
    IdentitySeed aliasRpcIdentitySeed(AliasRpcProperties properties, Environment environment) {
        return IdentitySeed.from(properties.keyPair(), RoleFilter.isServer(environment));
    }

    @Bean
    @Lazy // curve arithmetic, and the loading of its library
    @ConditionalOnMissingBean
    AliasRpcIdentity aliasRpcIdentity(IdentitySeed seed) {
        return seed.identity();
    }

    /** The DHT node, unless the application brings one. */
    @Bean
    @ConditionalOnMissingBean(HyperDht.class)
    Current<HyperDht> aliasRpcNode(
            AliasRpcDhtProperties properties,
            ObjectProvider<AliasRpcConnectionDetails> details,
            ObjectProvider<HyperDhtCustomizer> customizers,
            Environment environment) {
        DhtOptions.check(properties);
        return new Current<>(
                () -> {
                    HyperDhtOptions.Builder options = DhtOptions.from(properties, details.getIfAvailable());
                    if (Threading.VIRTUAL.isActive(environment)) {
                        options.callbackExecutor(threads("alias-rpc-callback-", environment));
                    }
                    customizers.orderedStream().forEach(customizer -> customizer.customize(options));
                    return HyperDht.create(options.build());
                },
                HyperDht::closeAsync);
    }

    /** The application's own node. */
    @Bean("aliasRpcNode")
    @ConditionalOnMissingBean(name = "aliasRpcNode")
    Current<HyperDht> aliasRpcGivenNode(ObjectProvider<HyperDht> dht) {
        return Current.given(dht::getObject);
    }

    @Bean
    @Scope(BeanDefinition.SCOPE_PROTOTYPE) // each run of the context has another node
    @ConditionalOnMissingBean
    HyperDht hyperDht(Current<HyperDht> node) {
        return node.get();
    }

    @Bean
    NetworkLifecycle aliasRpcDhtLifecycle(Current<HyperDht> node) {
        return new NetworkLifecycle("DHT node", Phases.DHT, () -> {}, node::stop); // made by whoever needs it first
    }

    @Bean
    @ConditionalOnMissingBean
    AliasRpcEventRing aliasRpcEventRing(AliasRpcProperties properties) {
        Checks.between("alias-rpc.events.ring", properties.events().ring(), 1, 1_000_000);
        return new AliasRpcEventRing(properties.events().ring());
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
