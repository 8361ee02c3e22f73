package org.aliasrpc.sample;

import java.util.List;
import java.util.Map;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.autoconfigure.AliasRpcServerProperties;
import org.aliasrpc.spring.event.AliasRpcClientEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;

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
    Story story(AliasRpcIdentity identity) {
        return new Story(identity);
    }

    /** Tells in plain words what happened, and where to look. */
    static final class Story {
        private static final Logger LOG = LoggerFactory.getLogger("alias-rpc.demo");

        private final AliasRpcIdentity identity;
        private volatile String http = "";
        private boolean told;

        Story(AliasRpcIdentity identity) {
            this.identity = identity;
        }

        @EventListener
        void onWebServer(WebServerInitializedEvent event) {
            http = "http://127.0.0.1:" + event.getWebServer().getPort();
        }

        @EventListener
        void onRegistered(AliasRpcClientEvent.RegisterAliasSuccess event) {
            if (told) {
                return; // renewals
            }
            told = true;
            LOG.info(
                    """

                    What happened, all of it in this process and on 127.0.0.1:
                      1. {} nodes formed a DHT.
                      2. An alias server announced itself there under the key
                         {}
                      3. This application looked that key up in the DHT, connected, proved that it knows the secret,
                         and registered: the alias "{}" now points to its own key
                         {}

                    What to look at:
                      {}/actuator/aliasrpc            both roles, and how the registration goes
                      {}/actuator/aliasrpc/{}   this alias
                      {}/actuator/aliasrpcevents      what happened, event by event
                      {}/actuator/health              UP for as long as the registration is fresh

                    Ctrl-C ends it.
                    """,
                    NODES,
                    identity.server().publicKey(),
                    event.alias(),
                    event.targetPublicKey(),
                    http,
                    http,
                    event.alias(),
                    http,
                    http);
        }
    }
}
