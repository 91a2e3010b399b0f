package io.dstream.mssql.standin.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.ProtocolException;

/// Numbers and bits on the wire.
final class NumberBodies {

    private NumberBodies() {}

    record Bit() implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            out.putByte((Boolean) value ? 1 : 0);
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            return in.number(length) != 0;
        }
    }

    /// tinyint (unsigned), smallint, int and bigint, by `size` in bytes.
    record Whole(int size) implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            out.putNumber(((Number) value).longValue(), size);
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            long value = in.number(length);
            return switch (length) {
                case 1 -> (int) value;
                case 2 -> (int) (short) value;
                case 4 -> (int) value;
                default -> value;
            };
        }
    }

    record Real() implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            out.putInt(Float.floatToRawIntBits((Float) value));
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            return Float.intBitsToFloat(in.intValue());
        }
    }

    record Double8() implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            out.putLong(Double.doubleToRawLongBits((Double) value));
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            return Double.longBitsToDouble(in.longValue());
        }
    }

    /// A sign and a magnitude whose size follows from the precision.
    record Decimal(int precision, int scale) implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            BigDecimal scaled = ((BigDecimal) value).setScale(scale, RoundingMode.HALF_UP);
            if (scaled.precision() > precision) {
                throw new IllegalArgumentException(value + " does not fit decimal(" + precision + "," + scale + ")");
            }
            BigInteger magnitude = scaled.unscaledValue().abs();
            out.putByte(scaled.signum() < 0 ? 0 : 1);
            out.putLong(magnitude.longValue());
            int size = magnitudeSize(precision);
            if (size > 8) {
                out.putLong(magnitude.shiftRight(64).longValue());
            }
            out.truncate(out.position() - (size > 8 ? 16 : 8) + size);
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            int signum = in.unsignedByte() == 0 ? -1 : 1;
            byte[] bytes = in.bytes(length - 1);
            byte[] bigEndian = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                bigEndian[i] = bytes[bytes.length - 1 - i];
            }
            BigInteger magnitude = new BigInteger(1, bigEndian);
            return new BigDecimal(signum < 0 ? magnitude.negate() : magnitude, scale);
        }

        static int magnitudeSize(int precision) {
            return precision <= 9 ? 4 : precision <= 19 ? 8 : precision <= 28 ? 12 : 16;
        }
    }

    /// Ten-thousandths; money has its high half first.
    record Money(int size) implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            long units = ((BigDecimal) value)
                    .movePointRight(4)
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact();
            if (size == 8) {
                out.putInt((int) (units >> 32)).putInt((int) units);
            } else {
                out.putInt(Math.toIntExact(units));
            }
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            long units = in.intValue();
            if (length == 8) {
                units = units << 32 | (in.intValue() & 0xFFFFFFFFL);
            }
            return BigDecimal.valueOf(units, 4);
        }
    }
}
