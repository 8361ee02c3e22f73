package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Poly1305Test {
    /** RFC 8439, §2.5.2 and appendix A.3: the cases that probe carries and the modulus. */
    @ParameterizedTest
    @CsvSource({
        "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b,"
                + "43727970746f6772617068696320466f72756d2052657365617263682047726f7570,a8061dc1305136c6c22b8baf0c0127a9",
        "0200000000000000000000000000000000000000000000000000000000000000,"
                + "ffffffffffffffffffffffffffffffff,03000000000000000000000000000000",
        "02000000000000000000000000000000ffffffffffffffffffffffffffffffff,"
                + "02000000000000000000000000000000,03000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000,"
                + "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff"
                + "11000000000000000000000000000000,05000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000,"
                + "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe"
                + "01010101010101010101010101010101,00000000000000000000000000000000",
        "0200000000000000000000000000000000000000000000000000000000000000,"
                + "fdffffffffffffffffffffffffffffff,faffffffffffffffffffffffffffffff",
        "0100000000000000040000000000000000000000000000000000000000000000,"
                + "e33594d7505e43b900000000000000003394d7505e4379cd01000000000000000000000000000000"
                + "0000000000000000"
                + "01000000000000000000000000000000,14000000000000005500000000000000",
        "0100000000000000040000000000000000000000000000000000000000000000,"
                + "e33594d7505e43b900000000000000003394d7505e4379cd01000000000000000000000000000000"
                + "0000000000000000,13000000000000000000000000000000",
    })
    void agreesWithTheRfc(String key, String message, String mac) {
        byte[] content = HexFormat.of().parseHex(message);
        Poly1305 authenticator = new Poly1305();
        authenticator.init(HexFormat.of().parseHex(key), 0);
        authenticator.update(content, 0, content.length);
        byte[] result = new byte[16];
        authenticator.finish(result);
        assertThat(HexFormat.of().formatHex(result)).isEqualTo(mac);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAnotherImplementationHoweverTheMessageIsCut(long seed) {
        Random random = new Random(seed);
        Poly1305 authenticator = new Poly1305();
        for (int round = 0; round < 2000; round++) {
            byte[] key = Seeds.extreme(random, 40);
            byte[] message = Seeds.extreme(random, random.nextInt(round % 4 == 0 ? 2000 : 100));
            authenticator.init(key, 8);
            int at = 0;
            while (at < message.length) {
                int length = 1 + random.nextInt(message.length - at);
                authenticator.update(message, at, length);
                at += length;
            }
            byte[] mac = new byte[16];
            authenticator.finish(mac);
            assertThat(mac).as("seed %d, round %d", seed, round).isEqualTo(expected(key, message));
        }
    }

    @Test
    void leavesNothingOfOneMessageToTheNext() {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 7);
        byte[] mac = new byte[16];
        Poly1305 authenticator = new Poly1305();
        authenticator.init(key, 0);
        authenticator.update(new byte[] {1, 2, 3}, 0, 3);
        authenticator.init(key, 0);
        authenticator.finish(mac);
        assertThat(mac).containsOnly(7);
    }

    private static byte[] expected(byte[] key, byte[] message) {
        var authenticator = new org.bouncycastle.crypto.macs.Poly1305();
        authenticator.init(new KeyParameter(key, 8, 32));
        authenticator.update(message, 0, message.length);
        byte[] mac = new byte[16];
        authenticator.doFinal(mac, 0);
        return mac;
    }
}
