package io.dstream.mssql.standin.wire;

import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/// How a type says the length of a value, and that there is none.
enum Framing {
    /// One byte, 0 for NULL.
    BYTE_LENGTH {
        @Override
        void writeNull(WireBuffer out) {
            out.putByte(0);
        }

        @Override
        void write(WireBuffer out, ValueBody body, Object value) {
            int start = out.putByte(0).position();
            body.write(out, value);
            out.setByte(start - 1, out.position() - start);
        }

        @Override
        @Nullable
        Object read(WireReader in, ValueBody body) throws ProtocolException {
            int length = in.unsignedByte();
            return length == 0 ? null : body.read(in, length);
        }
    },
    /// Two bytes, all ones for NULL.
    SHORT_LENGTH {
        @Override
        void writeNull(WireBuffer out) {
            out.putShort(0xFFFF);
        }

        @Override
        void write(WireBuffer out, ValueBody body, Object value) {
            int start = out.putShort(0).position();
            body.write(out, value);
            int length = out.position() - start;
            if (length > TypeInfo.LONGEST) {
                throw new IllegalArgumentException("a value of " + length + " bytes needs a (max) type");
            }
            out.setShort(start - 2, length);
        }

        @Override
        @Nullable
        Object read(WireReader in, ValueBody body) throws ProtocolException {
            int length = in.unsignedShort();
            return length == 0xFFFF ? null : body.read(in, length);
        }
    },
    /// Eight bytes with all ones for NULL, then chunks, each after its own length, and an empty one (PLP).
    CHUNKS {
        @Override
        void writeNull(WireBuffer out) {
            out.putLong(-1);
        }

        @Override
        void write(WireBuffer out, ValueBody body, Object value) {
            int start = out.putLong(0).putInt(0).position();
            body.write(out, value);
            int length = out.position() - start;
            if (length > 0) {
                out.setLong(start - 12, length);
                out.setInt(start - 4, length);
                out.putInt(0);
            }
        }

        @Override
        @Nullable
        Object read(WireReader in, ValueBody body) throws ProtocolException {
            if (in.longValue() == -1) {
                return null;
            }
            byte[] bytes = in.chunks();
            return body.read(new WireReader(bytes), bytes.length);
        }
    },
    /// In a row a text pointer, a timestamp and four bytes of length; in a parameter only the latter.
    TEXT_POINTER {
        @Override
        void writeNull(WireBuffer out) {
            out.putByte(0);
        }

        @Override
        void write(WireBuffer out, ValueBody body, Object value) {
            out.putByte(16).putLong(0).putLong(0).putLong(0);
            FOUR_BYTES.write(out, body, value);
        }

        @Override
        @Nullable
        Object read(WireReader in, ValueBody body) throws ProtocolException {
            int length = in.intValue();
            return length == -1 ? null : body.read(in, length);
        }
    },
    /// Four bytes, 0 for NULL.
    FOUR_BYTES {
        @Override
        void writeNull(WireBuffer out) {
            out.putInt(0);
        }

        @Override
        void write(WireBuffer out, ValueBody body, Object value) {
            int start = out.putInt(0).position();
            body.write(out, value);
            out.setInt(start - 4, out.position() - start);
        }

        @Override
        @Nullable
        Object read(WireReader in, ValueBody body) throws ProtocolException {
            int length = in.intValue();
            return length == 0 ? null : body.read(in, length);
        }
    };

    abstract void writeNull(WireBuffer out);

    abstract void write(WireBuffer out, ValueBody body, Object value);

    abstract @Nullable Object read(WireReader in, ValueBody body) throws ProtocolException;
}
