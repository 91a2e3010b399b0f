package io.dstream.mssql.standin.wire;

import java.net.ProtocolException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/// Dates and times on the wire. Finer values than a type holds are rounded, as SQL Server does.
final class TemporalBodies {

    private static final long NANOS_PER_DAY = Duration.ofDays(1).toNanos();
    private static final long NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();
    private static final LocalDate YEAR_ONE = LocalDate.of(1, 1, 1);
    private static final LocalDate YEAR_1900 = LocalDate.of(1900, 1, 1);

    private TemporalBodies() {}

    record Date() implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            writeDate(out, (LocalDate) value);
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            return readDate(in);
        }
    }

    record Time(int scale) implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            long rounded = round(((LocalTime) value).toNanoOfDay(), scale);
            writeTime(out, rounded % NANOS_PER_DAY, scale);
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            return readTime(in, length, scale);
        }
    }

    record DateTime2(int scale) implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            LocalDateTime rounded = round((LocalDateTime) value, scale);
            writeTime(out, rounded.toLocalTime().toNanoOfDay(), scale);
            writeDate(out, rounded.toLocalDate());
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            LocalTime time = readTime(in, length - 3, scale);
            return readDate(in).atTime(time);
        }
    }

    /// The instant in UTC, then the offset in minutes.
    record DateTimeOffset(int scale) implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            OffsetDateTime moment = (OffsetDateTime) value;
            LocalDateTime utc = moment.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
            new DateTime2(scale).write(out, utc);
            out.putShort(moment.getOffset().getTotalSeconds() / 60);
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            LocalDateTime utc = (LocalDateTime) new DateTime2(scale).read(in, length - 2);
            ZoneOffset offset = ZoneOffset.ofTotalSeconds((short) in.unsignedShort() * 60);
            return utc.atOffset(ZoneOffset.UTC).withOffsetSameInstant(offset);
        }
    }

    /// Days since 1900 and 1/300 seconds since midnight; printed with milliseconds that end in 0, 3 or 7.
    record DateTime() implements ValueBody {
        private static final long TICKS_PER_DAY = 300 * 86_400;

        @Override
        public void write(WireBuffer out, Object value) {
            LocalDateTime moment = (LocalDateTime) value;
            long microseconds = moment.toLocalTime().toNanoOfDay() / 1_000;
            long ticks = (microseconds * 3 + 5_000) / 10_000;
            long days = YEAR_1900.until(moment.toLocalDate(), ChronoUnit.DAYS);
            out.putInt((int) (days + ticks / TICKS_PER_DAY)).putInt((int) (ticks % TICKS_PER_DAY));
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            LocalDate date = YEAR_1900.plusDays(in.intValue());
            long milliseconds = (in.number(4) * 10 + 1) / 3;
            return date.atStartOfDay().plus(Duration.ofMillis(milliseconds));
        }
    }

    /// Days since 1900 and minutes since midnight.
    record SmallDateTime() implements ValueBody {
        @Override
        public void write(WireBuffer out, Object value) {
            LocalDateTime rounded = ((LocalDateTime) value).plus(Duration.ofSeconds(30));
            long days = YEAR_1900.until(rounded.toLocalDate(), ChronoUnit.DAYS);
            out.putShort((int) days);
            out.putShort((int) (rounded.toLocalTime().toNanoOfDay() / NANOS_PER_MINUTE));
        }

        @Override
        public Object read(WireReader in, int length) throws ProtocolException {
            LocalDate date = YEAR_1900.plusDays(in.unsignedShort());
            return date.atStartOfDay().plus(Duration.ofMinutes(in.unsignedShort()));
        }
    }

    private static void writeDate(WireBuffer out, LocalDate date) {
        out.putNumber(date.toEpochDay() - YEAR_ONE.toEpochDay(), 3);
    }

    private static LocalDate readDate(WireReader in) throws ProtocolException {
        return YEAR_ONE.plusDays(in.number(3));
    }

    private static void writeTime(WireBuffer out, long nanoOfDay, int scale) {
        out.putNumber(nanoOfDay / nanosPerUnit(scale), scale <= 2 ? 3 : scale <= 4 ? 4 : 5);
    }

    private static LocalTime readTime(WireReader in, int size, int scale) throws ProtocolException {
        return LocalTime.ofNanoOfDay(in.number(size) * nanosPerUnit(scale));
    }

    private static LocalDateTime round(LocalDateTime moment, int scale) {
        long rounded = round(moment.toLocalTime().toNanoOfDay(), scale);
        return moment.toLocalDate().atStartOfDay().plus(Duration.ofNanos(rounded));
    }

    private static long round(long nanos, int scale) {
        long unit = nanosPerUnit(scale);
        return (nanos + unit / 2) / unit * unit;
    }

    private static long nanosPerUnit(int scale) {
        long nanos = 1;
        for (int i = scale; i < 9; i++) {
            nanos *= 10;
        }
        return nanos;
    }
}
