package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.UUID;
import org.aliasrpc.spring.event.AliasRpcServerEvent;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ServerEventLogTest {
    private static final UUID UID = new UUID(1, 2);

    private final ServerEventLog log = new ServerEventLog();

    @Test
    void aStrangerFillsNoLog(CapturedOutput output) {
        for (int key = 1; key <= 20; key++) {
            log.onEvent(new AliasRpcServerEvent.AliasUnauthorised(
                    UID,
                    Instant.EPOCH,
                    Keys.key(key),
                    Keys.key(1),
                    "evil\nFAKE LINE",
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), key)));
        }
        assertThat(lines(output, "Unauthorised")).isEqualTo(1);
        assertThat(output).contains("evil\\u{a}FAKE LINE");
    }

    @Test
    void aFailureIsShownAgainAfterASuccess(CapturedOutput output) {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 3; i++) {
                log.onEvent(new AliasRpcServerEvent.AliasError(
                        UID, Instant.EPOCH, Keys.key(1), new IllegalStateException("table is away")));
            }
            log.onEvent(success(true));
        }
        assertThat(lines(output, "table is away")).isEqualTo(2);
    }

    @Test
    void renewalsAreNotShown(CapturedOutput output) {
        log.onEvent(success(true));
        log.onEvent(success(false));
        assertThat(lines(output, "Alias app points to " + Keys.key(2))).isEqualTo(1);
    }

    private static AliasRpcServerEvent success(boolean updated) {
        return new AliasRpcServerEvent.AliasSuccess(UID, Instant.EPOCH, "app", Keys.key(1), Keys.key(2), updated);
    }

    private static long lines(CapturedOutput output, String text) {
        return output.getOut().lines().filter(line -> line.contains(text)).count();
    }
}
