package org.aliasrpc.testing;

import java.util.Arrays;
import java.util.function.Consumer;

/** Messages next to a known one: what a decoder has to refuse, or to take, without another failure. */
public final class Mutations {
    /** The ends of what flags, small numbers and the lengths of compact encoding can be. */
    private static final int[] VALUES = {0, 1, 2, 3, 7, 0x0f, 0x7f, 0x80, 0xfc, 0xfd, 0xfe, 0xff};

    private Mutations() {}

    /** Every prefix, with the whole, and the whole with every byte changed. */
    public static void forEach(byte[] known, Consumer<byte[]> receiver) {
        for (int length = 0; length <= known.length; length++) {
            receiver.accept(Arrays.copyOf(known, length));
        }
        for (int at = 0; at < known.length; at++) {
            for (int value : VALUES) {
                byte[] changed = known.clone();
                changed[at] = (byte) value;
                receiver.accept(changed);
            }
        }
    }
}
