package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Base64 with padding (RFC 4648, section 4), into an array that is there already.
final class Base64Text {

    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(ISO_8859_1);

    private Base64Text() {}

    /// How many bytes [#put] needs for so many. Throws `ArithmeticException` where no array is that long.
    static int length(int bytes) {
        return Math.toIntExact((bytes + 2L) / 3 * 4);
    }

    /// Writes the bytes of `value` from `from` to `to` to `out` from `start` on; answers the place behind it.
    static int put(byte[] value, int from, int to, byte[] out, int start) {
        int at = start;
        int i = from;
        for (; i < to - 2; i += 3) {
            at = putGroup((value[i] & 0xFF) << 16 | (value[i + 1] & 0xFF) << 8 | (value[i + 2] & 0xFF), out, at);
        }
        if (i < to) {
            boolean two = i + 1 < to;
            at = putGroup((value[i] & 0xFF) << 16 | (two ? (value[i + 1] & 0xFF) << 8 : 0), out, at);
            out[at - 1] = '=';
            if (!two) {
                out[at - 2] = '=';
            }
        }
        return at;
    }

    private static int putGroup(int threeBytes, byte[] out, int at) {
        out[at] = ALPHABET[threeBytes >> 18];
        out[at + 1] = ALPHABET[(threeBytes >> 12) & 0x3F];
        out[at + 2] = ALPHABET[(threeBytes >> 6) & 0x3F];
        out[at + 3] = ALPHABET[threeBytes & 0x3F];
        return at + 4;
    }
}
