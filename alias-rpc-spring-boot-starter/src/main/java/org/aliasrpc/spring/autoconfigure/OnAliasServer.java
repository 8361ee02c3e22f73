package org.aliasrpc.spring.autoconfigure;

import java.util.Collections;
import java.util.Map;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * There is a server to register with, or properties that make no sense without one: those must be reported, not ignored.
 */
final class OnAliasServer extends AnyNestedCondition {
    OnAliasServer() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnBean(AliasRpcConnectionDetails.class)
    static final class Details {}

    @ConditionalOnBean(AliasRpcClient.class)
    static final class Client {}

    @Conditional(OnProperties.class)
    static final class Properties {}

    /** One of the properties that name a server or its secret is set. */
    static final class OnProperties extends SpringBootCondition {
        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            var environment = context.getEnvironment();
            ConditionMessage.Builder message = ConditionMessage.forCondition("alias server");
            for (String name : new String[] {"server-public-key", "secret", "secret-file"}) {
                if (environment.containsProperty("alias-rpc.client." + name)) {
                    return ConditionOutcome.match(message.foundExactly("property alias-rpc.client." + name));
                }
            }
            Map<String, Object> servers = Binder.get(environment)
                    .bind("alias-rpc.client.servers", Bindable.mapOf(String.class, Object.class))
                    .orElse(Collections.emptyMap());
            return servers.isEmpty()
                    ? ConditionOutcome.noMatch(message.because("no server is configured"))
                    : ConditionOutcome.match(message.foundExactly("property alias-rpc.client.servers"));
        }
    }
}
