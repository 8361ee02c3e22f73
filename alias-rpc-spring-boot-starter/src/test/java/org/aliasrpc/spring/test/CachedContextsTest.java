package org.aliasrpc.spring.test;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.aliasrpc.spring.autoconfigure.AliasRpcAutoConfiguration;
import org.aliasrpc.spring.autoconfigure.AliasRpcClientAutoConfiguration;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.TestContextManager;

/** Test classes with different contexts, in turn: Spring pauses the one that is not used, and restarts it. */
class CachedContextsTest {
    @Test
    void aContextRegistersAgainWhenATestClassUsesItAgain() throws Exception {
        ApplicationContext first = run(First.class, 1, false);
        ApplicationContext second = run(Second.class, 1, false);
        assertThat(second).isNotSameAs(first);

        assertThat(run(First.class, 2, true)).as("cached").isSameAs(first);
        assertThat(run(Second.class, 2, true)).as("cached").isSameAs(second);
    }

    /**
     * What JUnit does with a test class.
     *
     * @param last whether its context is closed behind it
     */
    private static ApplicationContext run(Class<?> test, int successes, boolean last) throws Exception {
        var manager = new TestContextManager(test);
        manager.beforeTestClass();
        manager.prepareTestInstance(test.getDeclaredConstructor().newInstance());
        ApplicationContext context = manager.getTestContext().getApplicationContext();
        context.getBean(LocalAliasServer.class).awaitAlias("app", Duration.ofSeconds(20));
        await().until(() -> status(context).successes() == successes);
        if (last) {
            manager.getTestContext().markApplicationContextDirty(null);
        }
        manager.afterTestClass();
        return context;
    }

    private static RegistrationStatus status(ApplicationContext context) {
        return context.getBean(AliasRegistrations.class).status().get(0);
    }

    @SpringBootTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = {"spring.application.name=app", "alias-rpc.client.hostname=first"})
    @LocalAliasRpc
    static class First {}

    @SpringBootTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = {"spring.application.name=app", "alias-rpc.client.hostname=second"})
    @LocalAliasRpc
    static class Second {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({AliasRpcAutoConfiguration.class, AliasRpcClientAutoConfiguration.class})
    static class Application {}
}
