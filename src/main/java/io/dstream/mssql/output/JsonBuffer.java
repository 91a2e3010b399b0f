package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing, reusable buffer of JSON in UTF-8. Used by one thread at a time.
///
/// It writes values and knows nothing of commas or nesting: that lets a caller take back what it wrote, by
/// [#size] and [#truncate], and copy whole changes from one line to the next. No value written allocates, other
/// than decimals beyond 63 bits.
public final class JsonBuffer {

    private static final int CHARS_AT_ONCE = 512;
    private static final int LONGEST_LONG = 20;
    private static final int LONGEST_REAL = 24;
    private static final int LONG_BITS = 63;
    private static final byte[] NULL = "null".getBytes(ISO_8859_1);

    private byte[] bytes;
    private int size;

    /// For floating point numbers, which Java writes there without a text of its own.
    private final StringBuilder real = new StringBuilder(LONGEST_REAL);

    JsonBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    /// How many bytes were written and not taken back.
    public int size() {
        return size;
    }

    /// Writes all of it to `out`, in one call.
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    /// The content as text.
    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    byte[] toBytes() {
        return toBytes(0);
    }

    /// A copy of everything from byte `from` on.
    byte[] toBytes(int from) {
        return Arrays.copyOfRange(bytes, from, size);
    }

    int capacity() {
        return bytes.length;
    }

    /// Takes back everything after the first `newSize` bytes.
    void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("cannot cut " + size + " bytes to " + newSize);
        }
        size = newSize;
    }

    /// Gives back memory after a value that was far larger than the rest.
    void shrink(int mostBytes) {
        if (bytes.length > Math.max(size, mostBytes)) {
            bytes = Arrays.copyOf(bytes, Math.max(size, mostBytes));
        }
    }

    /// True when exactly the literal `null` stands there.
    boolean isNull(int from, int to) {
        return Arrays.equals(bytes, from, to, NULL, 0, NULL.length);
    }

    void writeByte(int ascii) {
        ensure(1);
        bytes[size++] = (byte) ascii;
    }

    void writeRaw(byte[] json) {
        writeRaw(json, 0);
    }

    /// As above, without the first `from` bytes.
    void writeRaw(byte[] json, int from) {
        int length = json.length - from;
        ensure(length);
        System.arraycopy(json, from, bytes, size, length);
        size += length;
    }

    /// Copies what `other` holds from byte `from` on.
    void writeRaw(JsonBuffer other, int from) {
        writeRaw(other, from, other.size);
    }

    /// As above, up to byte `to`.
    void writeRaw(JsonBuffer other, int from, int to) {
        int length = to - from;
        ensure(length);
        System.arraycopy(other.bytes, from, bytes, size, length);
        size += length;
    }

    /// Text of 7-bit characters that need no escape.
    void writeAscii(String text) {
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
    }

    /// As [#writeAscii], for one constant made of several parts.
    JsonBuffer ascii(String text) {
        writeAscii(text);
        return this;
    }

    /// As [#writeString], in the same way.
    JsonBuffer string(String text) {
        writeString(text);
        return this;
    }

    /// The shortest text that reads back the same, as Java has it; JSON for all numbers but NaN and the infinite.
    void writeReal(double value) {
        real.setLength(0);
        copyReal(real.append(value));
    }

    /// As above.
    void writeReal(float value) {
        real.setLength(0);
        copyReal(real.append(value));
    }

    private void copyReal(StringBuilder text) {
        int length = text.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
    }

    void writeNull() {
        writeRaw(NULL);
    }

    void writeBoolean(boolean value) {
        writeAscii(value ? "true" : "false");
    }

    /// Quoted, escaped where JSON demands it. A surrogate without its partner is written as its escape, so that
    /// the bytes are UTF-8 whatever the text is.
    void writeString(String text) {
        writeByte('"');
        int length = text.length();
        int next = 0;
        while (next < length) {
            int end = Math.min(length, next + CHARS_AT_ONCE);
            // One more: the last character may bring the second half of its pair with it.
            ensure((end - next + 1) * JsonString.LONGEST_ESCAPE);
            size = JsonString.put(text, next, end, bytes, size);
            next = JsonString.endsInsidePair(text, end) ? end + 1 : end;
        }
        writeByte('"');
    }

    /// As [#writeString], for text in UTF-16 with the low byte first, as `nvarchar` comes from the server.
    /// It lies in `text` from `from` to `to`.
    void writeUtf16(byte[] text, int from, int to) {
        writeByte('"');
        int next = from;
        while (next < to) {
            int end = Math.min(to, next + 2 * CHARS_AT_ONCE);
            ensure((end - next + 2) / 2 * JsonString.LONGEST_ESCAPE);
            size = JsonString.put(text, next, end, to, bytes, size);
            next = JsonString.endsInsidePair(text, end, to) ? end + 2 : end;
        }
        writeByte('"');
    }

    void writeLong(long value) {
        ensure(LONGEST_LONG);
        // Negative numbers reach one further than positive ones.
        long rest = value < 0 ? value : -value;
        if (value < 0) {
            bytes[size++] = '-';
        }
        int digits = Digits.count(rest);
        Digits.put(rest, digits, bytes, size);
        size += digits;
    }

    /// A number from 0 to 99, with a leading zero.
    void writeTwoDigits(int value) {
        ensure(2);
        Digits.putPair(value, bytes, size);
        size += 2;
    }

    /// The last `digits` digits of a number that is not negative, with leading zeros.
    void writePadded(int value, int digits) {
        ensure(digits);
        Digits.put(-value, digits, bytes, size);
        size += digits;
    }

    /// Every digit of the scale, no exponent: `1.50`, `0.0000`.
    void writeDecimal(BigDecimal value) {
        BigInteger unscaled = value.unscaledValue();
        int scale = value.scale();
        if (scale < 0 || unscaled.bitLength() > LONG_BITS) {
            writeAscii(value.toPlainString());
        } else {
            writeDecimal(unscaled.longValue(), scale);
        }
    }

    /// As above, of `unscaled` divided by ten so many times as `scale` says, which is not negative.
    void writeDecimal(long unscaled, int scale) {
        if (scale == 0) {
            writeLong(unscaled);
            return;
        }
        long rest = unscaled < 0 ? unscaled : -unscaled;
        int digits = Math.max(Digits.count(rest), scale + 1);
        ensure(digits + 2);
        if (unscaled < 0) {
            bytes[size++] = '-';
        }
        Digits.put(rest, digits, bytes, size);
        int point = size + digits - scale;
        System.arraycopy(bytes, point, bytes, point + 1, scale);
        bytes[point] = '.';
        size += digits + 1;
    }

    /// Quoted, with padding (RFC 4648, section 4).
    void writeBase64(byte[] value) {
        writeBase64(value, 0, value.length);
    }

    /// As above, of the bytes of `value` from `from` to `to`.
    void writeBase64(byte[] value, int from, int to) {
        ensure(Base64Text.length(to - from) + 2);
        bytes[size++] = '"';
        size = Base64Text.put(value, from, to, bytes, size);
        bytes[size++] = '"';
    }

    /// Quoted, two upper case digits a byte: those of `value` that `order` lists, counted from `from` on; `-` where it
    /// has -1.
    void writeHex(byte[] value, int from, byte[] order) {
        ensure(2 * order.length + 2);
        byte[] out = bytes;
        int at = size;
        out[at++] = '"';
        for (byte index : order) {
            if (index < 0) {
                out[at++] = '-';
            } else {
                Digits.putUpperHex(value[from + index], out, at);
                at += 2;
            }
        }
        out[at++] = '"';
        size = at;
    }

    /// The last `digits` hex digits of `value`, in lower case; `digits` is even.
    void writeHexDigits(long value, int digits) {
        ensure(digits);
        for (int shift = 4 * digits - 8; shift >= 0; shift -= 8) {
            Digits.putLowerHex((int) (value >>> shift), bytes, size);
            size += 2;
        }
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            long needed = (long) size + more;
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(needed, Math.min(2L * bytes.length, 1L << 30))));
        }
    }
}
