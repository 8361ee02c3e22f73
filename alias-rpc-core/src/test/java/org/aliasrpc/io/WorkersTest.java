package org.aliasrpc.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.aliasrpc.net.PeerAddress;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void namesAreResolvedToIpv4() throws Exception {
        try (Workers workers = new Workers("test-worker")) {
            assertThat(workers.resolve("localhost").get(10, SECONDS)).isEqualTo(PeerAddress.of("127.0.0.1", 0));
            assertThat(workers.resolve("::1").get(10, SECONDS)).isNull();
        }
    }
}
