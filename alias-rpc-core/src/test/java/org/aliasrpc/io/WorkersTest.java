package org.aliasrpc.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.aliasrpc.net.PeerAddress;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void namesAreResolvedToIpv4() throws Exception {
        try (Workers workers = new Workers("test-worker")) {
            assertThat(workers.resolve("localhost").get(PATIENCE_SECONDS, SECONDS))
                    .isEqualTo(PeerAddress.of("127.0.0.1", 0));
            assertThat(workers.resolve("::1").get(PATIENCE_SECONDS, SECONDS)).isNull();
        }
    }
}
