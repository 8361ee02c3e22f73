package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.mock.env.MockEnvironment;

/** What the filter leaves out is what would step back anyhow. */
class RoleFilterTest {
    private static final List<String> OURS =
            ImportCandidates.load(AutoConfiguration.class, RoleFilterTest.class.getClassLoader())
                    .getCandidates()
                    .stream()
                    .filter(name -> name.startsWith("org.aliasrpc."))
                    .toList();

    @Test
    void aClientReadsNothingOfTheServers() throws ClassNotFoundException {
        List<String> others = new ArrayList<>();
        for (String name : OURS) {
            if (!isServers(Class.forName(name))) {
                others.add(name);
            }
        }
        assertThat(others).isNotEmpty();
        assertThat(admitted(new MockEnvironment())).isEqualTo(others).isNotEqualTo(OURS);
    }

    @Test
    void aServerReadsAll() {
        assertThat(admitted(new MockEnvironment().withProperty("alias-rpc.server.enabled", "TRUE")))
                .isEqualTo(OURS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "1", "", "perhaps"})
    void whatTheConditionsDoNotTakeForTrueIsNot(String enabled) {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(AliasRpcAutoConfiguration.class, AliasRpcServerAutoConfiguration.class))
                .withPropertyValues("alias-rpc.key-pair.seed=" + Keys.seed(4), "alias-rpc.server.enabled=" + enabled)
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(AliasRegistry.class);
                    assertThat(context.getBean(AliasRpcIdentity.class).metrics().publicKey())
                            .as("the one pair of a client")
                            .isEqualTo(Keys.key(4));
                });
    }

    private static boolean isServers(Class<?> configuration) {
        var property = AnnotatedElementUtils.getMergedAnnotation(configuration, ConditionalOnBooleanProperty.class);
        var bean = AnnotatedElementUtils.getMergedAnnotation(configuration, ConditionalOnBean.class);
        return (property != null && List.of(property.name()).contains("alias-rpc.server.enabled"))
                || (bean != null && Arrays.asList(bean.value()).contains(AliasRegistry.class));
    }

    @SuppressWarnings("NullAway") // the filter reads no metadata
    private static List<String> admitted(MockEnvironment environment) {
        var filter = new RoleFilter();
        filter.setEnvironment(environment);
        boolean[] match = filter.match(OURS.toArray(String[]::new));
        List<String> admitted = new ArrayList<>();
        for (int i = 0; i < match.length; i++) {
            if (match[i]) {
                admitted.add(OURS.get(i));
            }
        }
        return admitted;
    }
}
