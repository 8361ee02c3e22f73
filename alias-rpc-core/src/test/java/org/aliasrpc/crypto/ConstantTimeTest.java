package org.aliasrpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.aliasrpc.encoding.Bytes;
import org.junit.jupiter.api.Test;

/**
 * No secret decides a branch or an address: the trace of all branches and array indexes in this package is the same for
 * every key. What instructions take is up to the processor; multiplications and shifts take the same time everywhere.
 */
class ConstantTimeTest {
    private static final int KEYS = 40;
    private static final Bytes MESSAGE = Bytes.utf8("a message");

    private final Traced traced = new Traced();
    private final Random random = new Random(1);

    @Test
    void everySeedTakesTheSameWayToItsPublicKey() {
        assertThat(traces(key -> traced.pair(key))).hasSize(1);
    }

    @Test
    void everyKeySignsTheSameWay() {
        assertThat(traces(key -> {
                    Object pair = traced.pair(key);
                    Trace.start();
                    traced.call(pair, "sign", Bytes.class, MESSAGE);
                }))
                .hasSize(1);
    }

    @Test
    void everyKeyAgreesTheSameWay() {
        Object remote = traced.usable(traced.pair(bytes()));
        assertThat(traces(key -> {
                    Object pair = traced.pair(key);
                    Trace.start();
                    traced.call(remote, "agree", pair.getClass(), pair);
                }))
                .hasSize(1);
    }

    @Test
    void everyKeyAuthenticatesTheSameWay() {
        assertThat(traces(key -> traced.callStatic(
                        "HmacBlake2b", "mac", new Class<?>[] {byte[].class, byte[][].class}, key, new byte[][] {key})))
                .hasSize(1);
    }

    @Test
    void everyKeySealsTheSameWay() {
        Bytes text = Bytes.wrap(new byte[300]);
        assertThat(traces(key -> {
                    Object secret =
                            traced.callStatic("SecretBytes", "copyOf", new Class<?>[] {byte[].class}, (Object) key);
                    Trace.start();
                    traced.callStatic(
                            "ChaCha20Poly1305",
                            "seal",
                            new Class<?>[] {secret.getClass(), long.class, Bytes.class, Bytes.class},
                            secret,
                            1L,
                            MESSAGE,
                            text);
                }))
                .hasSize(1);
    }

    @Test
    void everyKeyEncryptsALongTextTheSameWay() {
        byte[] text = new byte[WideChaCha20.MAX_LANES * ChaCha20.BLOCK + 100];
        assertThat(traces(key -> {
                    random.nextBytes(text);
                    traced.callStatic(
                            "WideChaCha20",
                            "apply",
                            new Class<?>[] {int[].class, byte[].class, int.class, int.class},
                            ChaCha20.state(key, key),
                            text,
                            0,
                            text.length);
                }))
                .hasSize(1);
    }

    /** The time of a verification may vary, and a trace that did not show it would show nothing. */
    @Test
    void theTraceOfAVerificationVaries() {
        assertThat(traces(key -> {
                    Object pair = traced.pair(key);
                    Object signature = traced.call(pair, "sign", Bytes.class, MESSAGE);
                    Object publicKey = traced.call(pair, "publicKey");
                    Trace.start();
                    traced.callStatic(
                            "Signatures",
                            "verify",
                            new Class<?>[] {publicKey.getClass(), Bytes.class, Bytes.class},
                            publicKey,
                            MESSAGE,
                            signature);
                }))
                .hasSize(KEYS + 3);
    }

    private interface Run {
        void with(byte[] key);
    }

    /** The different traces that random keys leave, and three peculiar ones. */
    private Set<String> traces(Run run) {
        byte[] ones = new byte[32];
        Arrays.fill(ones, (byte) -1);
        byte[] high = new byte[32];
        high[31] = (byte) 0x80;
        run.with(bytes()); // initialises classes, of which the trace is not to tell
        Set<String> traces = new HashSet<>();
        IntStream.range(0, KEYS + 3).forEach(i -> {
            byte[] key = i == 0 ? new byte[32] : i == 1 ? ones : i == 2 ? high : bytes();
            Trace.start();
            run.with(key);
            traces.add(Trace.end());
        });
        assertThat(traces).doesNotContain("0 events, 0");
        return traces;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    /** This package's classes as loaded anew, which the compiler does not know. */
    private static final class Traced {
        private final Trace.Loader loader = new Trace.Loader();

        Object pair(byte[] seed) {
            Object secret = callStatic("SecretBytes", "copyOf", new Class<?>[] {byte[].class}, (Object) seed);
            return callStatic("KeyPair", "fromSeed", new Class<?>[] {secret.getClass()}, secret);
        }

        Object usable(Object pair) {
            Object key = call(pair, "publicKey");
            return callStatic("DhPublicKey", "of", new Class<?>[] {key.getClass()}, key);
        }

        Object call(Object target, String method) {
            try {
                return target.getClass().getMethod(method).invoke(target);
            } catch (IllegalAccessException | NoSuchMethodException | InvocationTargetException e) {
                throw new IllegalStateException(e);
            }
        }

        Object call(Object target, String method, Class<?> type, Object argument) {
            try {
                return target.getClass().getMethod(method, type).invoke(target, argument);
            } catch (IllegalAccessException | NoSuchMethodException | InvocationTargetException e) {
                throw new IllegalStateException(e);
            }
        }

        Object callStatic(String type, String method, Class<?>[] types, Object... arguments) {
            try {
                Method found = loader.loadClass("org.aliasrpc.crypto." + type).getDeclaredMethod(method, types);
                found.setAccessible(true);
                return found.invoke(null, arguments);
            } catch (ClassNotFoundException
                    | IllegalAccessException
                    | NoSuchMethodException
                    | InvocationTargetException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
