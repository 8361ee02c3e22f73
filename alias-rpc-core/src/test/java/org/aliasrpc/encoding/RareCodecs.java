package org.aliasrpc.encoding;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The forms of encoding.md that no protocol of this stack uses, built from the primitives that are used: they live here
 * so that the recorded cases still check the page and those primitives.
 */
final class RareCodecs {
    private static final long MIN_INT = -(1L << 52);
    private static final BigInteger WORD = BigInteger.TWO.pow(64);

    private RareCodecs() {}

    /** Zigzag (encoding.md §3.3). */
    static final Codec<Long> INT = new Codec<>() {
        @Override
        public void encode(Writer out, Long value) {
            if (value < MIN_INT || value >= -MIN_INT) {
                throw new IllegalArgumentException(
                        "int must be between -4503599627370496 and 4503599627370495, use bigint");
            }
            out.uint(value >= 0 ? 2 * value : -2 * value - 1);
        }

        @Override
        public Long decode(Reader in) throws DecodeException {
            long zigzag = in.uint();
            return (zigzag & 1) == 0 ? zigzag / 2 : -(zigzag + 1) / 2;
        }
    };

    /** Eight bytes, the full range (encoding.md §3.4). */
    static final Codec<BigInteger> BIG_UINT_64 = new Codec<>() {
        @Override
        public void encode(Writer out, BigInteger value) {
            for (int i = 0; i < 8; i++) {
                out.uint8(value.shiftRight(8 * i).intValue() & 0xff);
            }
        }

        @Override
        public BigInteger decode(Reader in) throws DecodeException {
            return new BigInteger(1, reversed(in.fixed(8)));
        }
    };

    /** A count of words, then the words (encoding.md §3.4). */
    static final Codec<BigInteger> BIG_UINT = new Codec<>() {
        @Override
        public void encode(Writer out, BigInteger value) {
            List<BigInteger> words = new ArrayList<>();
            for (BigInteger rest = value; rest.signum() > 0; rest = rest.shiftRight(64)) {
                words.add(rest.mod(WORD));
            }
            out.array(BIG_UINT_64, words);
        }

        @Override
        public BigInteger decode(Reader in) throws DecodeException {
            BigInteger value = BigInteger.ZERO;
            List<BigInteger> words = in.array(BIG_UINT_64);
            for (int i = 0; i < words.size(); i++) {
                value = value.add(words.get(i).shiftLeft(64 * i));
            }
            return value;
        }
    };

    /** IEEE 754, little endian (encoding.md §3.4). */
    static final Codec<Double> FLOAT_64 = new Codec<>() {
        @Override
        public void encode(Writer out, Double value) {
            long bits = Double.doubleToRawLongBits(value);
            out.uint32(bits & 0xffffffffL).uint32(bits >>> 32);
        }

        @Override
        public Double decode(Reader in) throws DecodeException {
            return Double.longBitsToDouble(in.uint32() | in.uint32() << 32);
        }
    };

    /** A count of bits, then the bits, least significant first (encoding.md §5.4). */
    static final Codec<List<Boolean>> BIT_ARRAY = new Codec<>() {
        @Override
        public void encode(Writer out, List<Boolean> value) {
            out.uint(value.size()).fixed(bits(value));
        }

        @Override
        public List<Boolean> decode(Reader in) throws DecodeException {
            int count = in.uint(Reader.MAX_ARRAY);
            Bytes bytes = in.fixed((count + 7) / 8);
            List<Boolean> value = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                value.add((bytes.at(i / 8) >> (i % 8) & 1) == 1);
            }
            return value;
        }
    };

    /** Big endian, with the limit of a uint from 8 bytes on (encoding.md §3.2). */
    static Codec<Long> bigEndian(int width) {
        return new Codec<>() {
            @Override
            public void encode(Writer out, Long value) {
                for (int i = width - 1; i >= 0; i--) {
                    out.uint8((int) (value >>> (8 * i)) & 0xff);
                }
            }

            @Override
            public Long decode(Reader in) throws DecodeException {
                Bytes bytes = in.fixed(width);
                return new Reader(Bytes.wrap(reversed(bytes))).uintOfWidth(width);
            }
        };
    }

    /** Its width depends on the declared number of bits, and on decoding on the first byte alone (encoding.md §5.3). */
    static Codec<Bytes> bitfield(int bits) {
        int width = bits <= 7 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
        return new Codec<>() {
            @Override
            public void encode(Writer out, Bytes value) {
                if (width > 1) {
                    out.uint8(width == 2 ? 0xfd : width == 4 ? 0xfe : 0xff);
                }
                out.fixed(value);
                for (int i = value.length(); i < width; i++) {
                    out.uint8(0);
                }
            }

            @Override
            public Bytes decode(Reader in) throws DecodeException {
                int first = in.uint8();
                Bytes value = switch (first) {
                    case 0xfd -> in.fixed(2);
                    case 0xfe -> in.fixed(4);
                    case 0xff -> in.fixed(8);
                    default -> Bytes.copyOf((byte) first);
                };
                return bits <= 8 ? value.slice(0, 1) : value;
            }
        };
    }

    /** Bit i is bit {@code i % 8} of byte {@code i / 8} (encoding.md §5.5). */
    static Bytes bits(List<Boolean> bits) {
        byte[] bytes = new byte[(bits.size() + 7) / 8];
        for (int i = 0; i < bits.size(); i++) {
            bytes[i / 8] |= (byte) (bits.get(i) ? 1 << (i % 8) : 0);
        }
        return Bytes.wrap(bytes);
    }

    private static byte[] reversed(Bytes bytes) {
        byte[] reversed = new byte[bytes.length()];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = bytes.at(reversed.length - 1 - i);
        }
        return reversed;
    }
}
