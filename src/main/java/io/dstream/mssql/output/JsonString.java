package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The inside of JSON strings: UTF-16 to UTF-8, escaped where JSON demands it, into an array that has room. A
/// surrogate without its partner becomes its escape.
///
/// Each method is there twice, for text in a `String` and for UTF-16 with the low byte first, as it comes over the
/// wire: making a `String` of that costs more than all the rest.
final class JsonString {

    /// The most bytes one character becomes; the two of a pair become four together.
    static final int LONGEST_ESCAPE = 6;

    private static final VarHandle CHARS = MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle FOUR_CHARS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FOUR_BYTES =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte PLAIN = 0;
    private static final byte BY_NUMBER = 'u';
    private static final byte[] ESCAPES = escapes();

    private JsonString() {}

    /// Writes the characters from `from` to `end`, and where `end` splits a pair its second half too; answers the
    /// place behind the last byte.
    static int put(String text, int from, int end, byte[] out, int start) {
        int at = start;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                at = putAscii(c, out, at);
            } else if (!Character.isSurrogate(c)) {
                at = putWide(c, out, at);
            } else if (endsInsidePair(text, i + 1)) {
                at = putPair(c, text.charAt(++i), out, at);
            } else {
                at = putNumberEscape(c, out, at);
            }
        }
        return at;
    }

    /// As above; places are those of bytes, and the text ends at `to`.
    static int put(byte[] text, int from, int end, int to, byte[] out, int start) {
        int at = start;
        for (int i = from; i < end; i += Character.BYTES) {
            while (end - i > Long.BYTES && PlainAscii.isPlain((long) FOUR_CHARS.get(text, i))) {
                FOUR_BYTES.set(out, at, PlainAscii.bytes((long) FOUR_CHARS.get(text, i)));
                at += PlainAscii.LENGTH;
                i += Long.BYTES;
            }
            char c = charAt(text, i);
            if (c < 0x80) {
                at = putAscii(c, out, at);
            } else if (!Character.isSurrogate(c)) {
                at = putWide(c, out, at);
            } else if (endsInsidePair(text, i + Character.BYTES, to)) {
                i += Character.BYTES;
                at = putPair(c, charAt(text, i), out, at);
            } else {
                at = putNumberEscape(c, out, at);
            }
        }
        return at;
    }

    /// True where the character before `end` and the one at `end` are a surrogate pair.
    static boolean endsInsidePair(String text, int end) {
        return end < text.length()
                && Character.isHighSurrogate(text.charAt(end - 1))
                && Character.isLowSurrogate(text.charAt(end));
    }

    /// As above, in text that ends at `to`.
    static boolean endsInsidePair(byte[] text, int end, int to) {
        return end < to
                && Character.isHighSurrogate(charAt(text, end - Character.BYTES))
                && Character.isLowSurrogate(charAt(text, end));
    }

    private static char charAt(byte[] text, int index) {
        return (char) CHARS.get(text, index);
    }

    private static int putAscii(char c, byte[] out, int at) {
        byte escape = ESCAPES[c];
        if (escape == PLAIN) {
            out[at] = (byte) c;
            return at + 1;
        }
        if (escape == BY_NUMBER) {
            return putNumberEscape(c, out, at);
        }
        out[at] = '\\';
        out[at + 1] = escape;
        return at + 2;
    }

    private static int putWide(char c, byte[] out, int at) {
        if (c < 0x800) {
            out[at] = (byte) (0xC0 | (c >> 6));
            out[at + 1] = (byte) (0x80 | (c & 0x3F));
            return at + 2;
        }
        out[at] = (byte) (0xE0 | (c >> 12));
        out[at + 1] = (byte) (0x80 | ((c >> 6) & 0x3F));
        out[at + 2] = (byte) (0x80 | (c & 0x3F));
        return at + 3;
    }

    private static int putPair(char high, char low, byte[] out, int at) {
        int point = Character.toCodePoint(high, low);
        out[at] = (byte) (0xF0 | (point >> 18));
        out[at + 1] = (byte) (0x80 | ((point >> 12) & 0x3F));
        out[at + 2] = (byte) (0x80 | ((point >> 6) & 0x3F));
        out[at + 3] = (byte) (0x80 | (point & 0x3F));
        return at + 4;
    }

    private static int putNumberEscape(char c, byte[] out, int at) {
        out[at] = '\\';
        out[at + 1] = 'u';
        Digits.putUpperHex(c >> 8, out, at + 2);
        Digits.putUpperHex(c, out, at + 4);
        return at + LONGEST_ESCAPE;
    }

    private static byte[] escapes() {
        byte[] escapes = new byte[0x80];
        Arrays.fill(escapes, 0, 0x20, BY_NUMBER);
        byte[] named = "\b\t\n\f\r\"\\".getBytes(ISO_8859_1);
        byte[] names = "btnfr\"\\".getBytes(ISO_8859_1);
        for (int i = 0; i < named.length; i++) {
            escapes[named[i]] = names[i];
        }
        return escapes;
    }
}
