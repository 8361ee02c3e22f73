package org.aliasrpc.udx;

/**
 * A set of sequence numbers that lie within a window, as a ring of bits. Ranges are searched 64 numbers at a step, so that
 * a SACK block over thousands of packets costs little however often it comes.
 *
 * <p>The owner sees to it that all numbers lie within {@link #capacity} of each other, modulo 2^32.
 */
final class SeqSet {
    private long[] words;

    /**
     * @param capacity a power of two, at least 64
     */
    SeqSet(int capacity) {
        if (capacity < Long.SIZE || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        words = new long[capacity / Long.SIZE];
    }

    /** How far apart numbers may lie. */
    int capacity() {
        return words.length * Long.SIZE;
    }

    boolean contains(int seq) {
        return (words[index(seq)] >>> seq & 1) != 0;
    }

    void add(int seq) {
        words[index(seq)] |= 1L << seq;
    }

    void remove(int seq) {
        words[index(seq)] &= ~(1L << seq);
    }

    /** The first number in the set from {@code from} on, or {@code to} if there is none before it. */
    int next(int from, int to) {
        return search(from, to, 0);
    }

    /** The first number not in the set from {@code from} on, or {@code to} if there is none before it. */
    int nextAbsent(int from, int to) {
        return search(from, to, -1L);
    }

    private int search(int from, int to, long invert) {
        int seq = from;
        while (to - seq > 0) {
            long word = (words[index(seq)] ^ invert) >>> seq;
            if (word != 0) {
                int found = seq + Long.numberOfTrailingZeros(word);
                return to - found > 0 ? found : to;
            }
            seq = (seq | (Long.SIZE - 1)) + 1;
        }
        return to;
    }

    /**
     * Makes room for numbers further apart.
     *
     * @param from the lowest number that may be in the set
     * @param newCapacity a power of two
     */
    void grow(int from, int newCapacity) {
        SeqSet larger = new SeqSet(newCapacity);
        int end = from + capacity();
        for (int seq = next(from, end); seq != end; seq = next(seq + 1, end)) {
            larger.add(seq);
        }
        words = larger.words;
    }

    private int index(int seq) {
        return seq >>> 6 & (words.length - 1);
    }
}
