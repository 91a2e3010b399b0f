package io.dstream.mssql.standin.wire;

import java.net.ProtocolException;
import java.nio.charset.Charset;
import java.util.UUID;

/// Text, bytes and identifiers on the wire.
final class ByteBodies {

    private ByteBodies() {}

    record Utf16() implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            out.putUtf16((String) value);
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            return in.utf16(length / 2);
        }
    }

    /// char, varchar and text: in the code page of [TypeInfo#collation].
    record CodePage() implements ValueBody {
        private static final Charset CHARSET = Charset.forName("windows-1252");

        @Override
        public void write(WireBuffer out, Object value) {
            out.putBytes(((String) value).getBytes(CHARSET));
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            return new String(in.bytes(length), CHARSET);
        }
    }

    record Raw() implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            out.putBytes((byte[]) value);
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            return in.bytes(length);
        }
    }

    /// The first three fields are little-endian, the rest as it is printed.
    record Guid() implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            UUID uuid = (UUID) value;
            long high = uuid.getMostSignificantBits();
            out.putInt((int) (high >>> 32)).putShort((int) (high >>> 16)).putShort((int) high);
            out.putLong(Long.reverseBytes(uuid.getLeastSignificantBits()));
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            long high = in.number(4) << 32 | in.number(2) << 16 | in.number(2);
            return new UUID(high, Long.reverseBytes(in.longValue()));
        }
    }
}
