package org.aliasrpc.sample;

import org.aliasrpc.LocalTestnet;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;

/** Profile testnet: a local DHT for others to join. */
@Configuration(proxyBeanMethods = false)
@Profile("testnet")
@EnableConfigurationProperties(TestnetProperties.class)
class TestnetConfiguration {
    @Bean(destroyMethod = "close")
    LocalTestnet testnet(TestnetProperties properties) throws InterruptedException {
        return LocalTestnet.builder()
                .nodes(properties.nodes())
                .port(properties.port())
                .host(properties.host())
                .start();
    }

    @Bean
    TestnetReady testnetReady(LocalTestnet testnet) {
        return new TestnetReady(testnet);
    }

    /** Says how to join. */
    record TestnetReady(LocalTestnet testnet) {
        @EventListener(ApplicationReadyEvent.class)
        void onReady() {
            Ready.line("role=testnet bootstrap=" + testnet.bootstrap().get(0));
        }
    }
}
