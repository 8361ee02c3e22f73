package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * What the dev tools do: the application's classes are loaded again by another class loader, in the same JVM and above the
 * same libraries, and the application starts again on the same ports.
 */
class DevToolsRestartTest {
    @TempDir
    Path directory;

    /** Loads the application itself, as the dev tools' restart class loader does, and leaves the libraries to its parent. */
    private static final class RestartClassLoader extends ClassLoader {
        RestartClassLoader(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Application.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    void everyRestartRegistersAnewAndLeavesNothingBehind() throws Exception {
        Set<Class<?>> applications = new HashSet<>();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        int port = 0;
        try (LocalTestnet testnet = LocalTestnet.start(3)) {
            for (int start = 0; start < 3; start++) {
                ClassLoader loader = new RestartClassLoader(getClass().getClassLoader());
                Thread.currentThread().setContextClassLoader(loader);
                Class<?> application = Class.forName(Application.class.getName(), true, loader);
                applications.add(application);
                try (var context = run(application, testnet, port)) {
                    await().until(() -> context.getBean(AliasRegistrations.class)
                                    .status()
                                    .get(0)
                                    .state()
                            == RegistrationStatus.State.REGISTERED);
                    assertThat(context.getBean(AliasRegistry.class).entries()).hasSize(1);
                    int bound = context.getBean(org.aliasrpc.HyperDht.class)
                            .localAddress()
                            .getPort();
                    assertThat(bound).isEqualTo(port == 0 ? bound : port);
                    port = bound;
                }
            }
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getContextClassLoader() instanceof RestartClassLoader)
                        .map(Thread::getName))
                .isEmpty());
        assertThat(applications).as("classes of one name").hasSize(3);
    }

    private ConfigurableApplicationContext run(Class<?> application, LocalTestnet testnet, int port) {
        return new SpringApplication(application)
                .run(
                        "--spring.main.banner-mode=off",
                        "--spring.main.web-application-type=none",
                        "--spring.application.name=app",
                        "--alias-rpc.dht.host=127.0.0.1",
                        "--alias-rpc.dht.port=" + port,
                        "--alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0),
                        "--alias-rpc.key-pair.seed=" + Keys.seed(0x22),
                        "--alias-rpc.server.enabled=true",
                        "--alias-rpc.server.store.location=" + directory.resolve("targets.json"),
                        "--alias-rpc.server.secret=" + Keys.SECRET,
                        "--alias-rpc.client.secret=" + Keys.SECRET,
                        "--alias-rpc.client.server-public-key=" + Keys.key(0x22));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        AliasRpcAutoConfiguration.class,
        AliasRpcServerAutoConfiguration.class,
        AliasRpcClientAutoConfiguration.class
    })
    public static class Application {}
}
