package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Decimal and hex digits into an array that has room. Two digits at a time: half the divisions, and a table
/// instead of the rest.
final class Digits {

    /// The most digits a `long` has.
    private static final int LONGEST = 19;

    private static final byte[] PAIRS = decimalPairs();
    private static final byte[] UPPER_HEX_PAIRS = hexPairs("0123456789ABCDEF");
    private static final byte[] LOWER_HEX_PAIRS = hexPairs("0123456789abcdef");

    private Digits() {}

    /// How many digits `notPositive` has without its sign.
    static int count(long notPositive) {
        int digits = 1;
        // Multiplied up to 10^18: a division for each digit would cost several times as much.
        for (long power = -10; notPositive <= power && digits < LONGEST; power *= 10) {
            digits++;
        }
        return digits;
    }

    /// Writes the last `digits` digits of `notPositive` to `out` from `at` on, with leading zeros, without a sign.
    static void put(long notPositive, int digits, byte[] out, int at) {
        long rest = notPositive;
        int end = at + digits;
        while (rest < Integer.MIN_VALUE && end - at > 1) {
            long shorter = rest / 100;
            end -= 2;
            putPair((int) (shorter * 100 - rest), out, end);
            rest = shorter;
        }
        // Divisions of 32 bits are several times as fast.
        int small = (int) rest;
        while (end - at > 1) {
            int shorter = small / 100;
            end -= 2;
            putPair(shorter * 100 - small, out, end);
            small = shorter;
        }
        if (end > at) {
            out[at] = (byte) ('0' - small % 10);
        }
    }

    /// Writes the two digits of a number from 0 to 99.
    static void putPair(int number, byte[] out, int at) {
        out[at] = PAIRS[2 * number];
        out[at + 1] = PAIRS[2 * number + 1];
    }

    /// Writes the two upper case digits of the lowest 8 bits.
    static void putUpperHex(int value, byte[] out, int at) {
        putHex(UPPER_HEX_PAIRS, value, out, at);
    }

    /// Writes the two lower case digits of the lowest 8 bits.
    static void putLowerHex(int value, byte[] out, int at) {
        putHex(LOWER_HEX_PAIRS, value, out, at);
    }

    private static void putHex(byte[] pairs, int value, byte[] out, int at) {
        int pair = 2 * (value & 0xFF);
        out[at] = pairs[pair];
        out[at + 1] = pairs[pair + 1];
    }

    private static byte[] decimalPairs() {
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            pairs.append(i / 10).append(i % 10);
        }
        return pairs.toString().getBytes(ISO_8859_1);
    }

    private static byte[] hexPairs(String alphabet) {
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < 256; i++) {
            pairs.append(alphabet.charAt(i >> 4)).append(alphabet.charAt(i & 0xF));
        }
        return pairs.toString().getBytes(ISO_8859_1);
    }
}
