package org.aliasrpc.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.NestedTestConfiguration;

class LocalAliasRpcContextCustomizerFactoryTest {
    private static @Nullable ContextCustomizer customizer(Class<?> testClass) {
        return new LocalAliasRpcContextCustomizerFactory().createContextCustomizer(testClass, List.of());
    }

    @Test
    void nestedTestsHaveTheServerOfTheClassAroundThem() {
        assertThat(customizer(Outer.class)).isNotNull();
        assertThat(customizer(Outer.Inner.class)).isEqualTo(customizer(Outer.class));
        assertThat(customizer(Outer.Apart.class)).isNull();
    }

    @Test
    void anotherNumberOfNodesIsAnotherContext() {
        assertThat(customizer(Sub.class)).isNotNull().isNotEqualTo(customizer(Outer.class));
        assertThat(customizer(getClass())).isNull();
    }

    @LocalAliasRpc
    static class Outer {
        @Nested
        class Inner {}

        @Nested
        @NestedTestConfiguration(NestedTestConfiguration.EnclosingConfiguration.OVERRIDE)
        class Apart {}
    }

    @LocalAliasRpc(nodes = 4)
    static class Base {}

    static class Sub extends Base {}
}
