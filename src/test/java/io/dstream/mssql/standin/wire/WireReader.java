package io.dstream.mssql.standin.wire;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads what TDS wrote: numbers little-endian, text in UTF-16LE. Reading past the end is a [ProtocolException].
final class WireReader {

    private final ByteBuffer bytes;

    WireReader(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int unsignedByte() throws ProtocolException {
        return need(1).get() & 0xFF;
    }

    int unsignedShort() throws ProtocolException {
        return need(2).getShort() & 0xFFFF;
    }

    int intValue() throws ProtocolException {
        return need(4).getInt();
    }

    long longValue() throws ProtocolException {
        return need(8).getLong();
    }

    /// An unsigned number of `size` bytes; signed where `size` is 8.
    long number(int size) throws ProtocolException {
        need(size);
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (bytes.get() & 0xFFL) << (8 * i);
        }
        return value;
    }

    byte[] bytes(int length) throws ProtocolException {
        byte[] copy = new byte[length < 0 ? 0 : Math.min(length, bytes.remaining())];
        need(length).get(copy);
        return copy;
    }

    String utf16(int characters) throws ProtocolException {
        need(2 * characters);
        char[] text = new char[characters];
        for (int i = 0; i < characters; i++) {
            text[i] = bytes.getChar();
        }
        return new String(text);
    }

    /// What a chunked (PLP) value holds after its total length, up to the empty chunk that ends it.
    byte[] chunks() throws ProtocolException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int length = intValue(); length != 0; length = intValue()) {
            all.writeBytes(bytes(length));
        }
        return all.toByteArray();
    }

    /// The next byte, which stays; -1 at the end.
    int peek() {
        return bytes.hasRemaining() ? bytes.get(bytes.position()) & 0xFF : -1;
    }

    int remaining() {
        return bytes.remaining();
    }

    WireReader at(int position) throws ProtocolException {
        if (position < 0 || position > bytes.limit()) {
            throw new ProtocolException("offset " + position + " in a message of " + bytes.limit() + " bytes");
        }
        bytes.position(position);
        return this;
    }

    /// Skips ALL_HEADERS, which begins with its own length.
    WireReader skipHeaders() throws ProtocolException {
        return at(bytes.position() + intValue());
    }

    private ByteBuffer need(int length) throws ProtocolException {
        if (length < 0 || bytes.remaining() < length) {
            throw new ProtocolException("message ends " + length + " bytes after " + bytes.position());
        }
        return bytes;
    }
}
