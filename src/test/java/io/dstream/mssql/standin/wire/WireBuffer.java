package io.dstream.mssql.standin.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A growing buffer of bytes as TDS writes them: numbers little-endian, text in UTF-16LE. For one thread.
final class WireBuffer {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[512];
    private int position;

    WireBuffer putByte(int value) {
        reserve(1);
        bytes[position++] = (byte) value;
        return this;
    }

    WireBuffer putShort(int value) {
        reserve(2);
        SHORT.set(bytes, position, (short) value);
        position += 2;
        return this;
    }

    WireBuffer putInt(int value) {
        reserve(4);
        INT.set(bytes, position, value);
        position += 4;
        return this;
    }

    WireBuffer putLong(long value) {
        reserve(8);
        LONG.set(bytes, position, value);
        position += 8;
        return this;
    }

    /// The lowest `size` bytes of `value`.
    WireBuffer putNumber(long value, int size) {
        reserve(8);
        LONG.set(bytes, position, value);
        position += size;
        return this;
    }

    WireBuffer putBytes(byte[] source) {
        reserve(source.length);
        System.arraycopy(source, 0, bytes, position, source.length);
        position += source.length;
        return this;
    }

    WireBuffer putUtf16(String text) {
        reserve(2 * text.length());
        for (int i = 0; i < text.length(); i++) {
            SHORT.set(bytes, position, (short) text.charAt(i));
            position += 2;
        }
        return this;
    }

    /// Text after its length in characters, in one byte.
    WireBuffer putShortText(String text) {
        String cut = text.substring(0, Math.min(text.length(), 255));
        return putByte(cut.length()).putUtf16(cut);
    }

    /// Text after its length in characters, in two bytes.
    WireBuffer putLongText(String text) {
        String cut = text.substring(0, Math.min(text.length(), 8000));
        return putShort(cut.length()).putUtf16(cut);
    }

    void setByte(int at, int value) {
        bytes[at] = (byte) value;
    }

    void setShort(int at, int value) {
        SHORT.set(bytes, at, (short) value);
    }

    void setInt(int at, int value) {
        INT.set(bytes, at, value);
    }

    void setLong(int at, long value) {
        LONG.set(bytes, at, value);
    }

    int position() {
        return position;
    }

    /// Takes back what was written from `newPosition` on.
    void truncate(int newPosition) {
        position = newPosition;
    }

    /// The bytes themselves; only those before [#position] count.
    byte[] array() {
        return bytes;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, position);
    }

    private void reserve(int more) {
        if (bytes.length - position < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(position, more), (int)
                    Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
    }
}
