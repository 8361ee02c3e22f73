package org.aliasrpc.sample;

import java.util.List;
import java.util.Map;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.autoconfigure.AliasRpcServerProperties;
import org.aliasrpc.spring.scrape.AliasScraper;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Profile demo: a DHT of its own, and this process's own alias server as the one to register with. */
@Configuration(proxyBeanMethods = false)
@Profile("demo")
class DemoConfiguration {
    private static final int NODES = 3;

    @Bean(destroyMethod = "close")
    LocalTestnet testnet() throws InterruptedException {
        return LocalTestnet.start(NODES);
    }

    @Bean
    AliasRpcConnectionDetails connectionDetails(
            LocalTestnet testnet, AliasRpcIdentity identity, AliasRpcServerProperties server) {
        SecretBytes secret = SecretBytes.parse(String.valueOf(server.secret()), "alias-rpc.server.secret");
        var self = new AliasRpcConnectionDetails.Server(identity.server().publicKey(), secret);
        return new AliasRpcConnectionDetails() {
            @Override
            public Map<String, Server> servers() {
                return Map.of(DEFAULT_SERVER, self);
            }

            @Override
            public List<BootstrapNode> bootstrap() {
                return testnet.bootstrap();
            }
        };
    }

    @Bean
    DemoStory demoStory(AliasRpcIdentity identity, AliasScraper scraper) {
        return new DemoStory(NODES, identity, scraper);
    }
}
