package org.aliasrpc.spring.autoconfigure;

import java.util.Collections;
import java.util.Map;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * There is a server to register with, or properties that make no sense without one: those must be reported, not ignored.
 * Properties are looked at first: most applications name their server there, and looking for beans takes longer.
 */
final class OnAliasServer extends SpringBootCondition implements ConfigurationCondition {
    private static final String PREFIX = "alias-rpc.client.";
    private static final String[] NAMES = {"server-public-key", "secret", "secret-file"};

    /** Types of the beans that say which servers there are, or are connected to them. */
    private static final Class<?>[] TYPES = {AliasRpcConnectionDetails.class, AliasRpcClient.class};

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("alias server");
        String property = property(context.getEnvironment());
        if (property != null) {
            return ConditionOutcome.match(message.foundExactly("property " + property));
        }
        Class<?> type = type(context.getBeanFactory());
        return type != null
                ? ConditionOutcome.match(message.foundExactly("bean of type " + type.getName()))
                : ConditionOutcome.noMatch(message.because("no server is configured"));
    }

    private static @Nullable String property(Environment environment) {
        for (String name : NAMES) {
            if (environment.containsProperty(PREFIX + name)) {
                return PREFIX + name;
            }
        }
        Map<String, Object> servers = Binder.get(environment)
                .bind(PREFIX + "servers", Bindable.mapOf(String.class, Object.class))
                .orElse(Collections.emptyMap());
        return servers.isEmpty() ? null : PREFIX + "servers";
    }

    private static @Nullable Class<?> type(@Nullable ConfigurableListableBeanFactory beans) {
        for (Class<?> type : TYPES) {
            if (beans != null
                    && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false).length > 0) {
                return type;
            }
        }
        return null;
    }
}
