package org.aliasrpc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.test.LocalAliasRpc;
import org.aliasrpc.spring.test.LocalAliasServer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ActiveProfiles;

@SpringBootTest
@LocalAliasRpc
@ActiveProfiles("client")
class SampleApplicationTest {
    @Test
    void registersItself(@Autowired LocalAliasServer server, @Autowired AliasRpcIdentity identity)
            throws InterruptedException {
        var entry = server.awaitAlias("alias-rpc-sample", Duration.ofSeconds(20));
        assertThat(entry.targetPublicKey()).isEqualTo(identity.metrics().publicKey());
    }
}
