package io.dstream.mssql.cdc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A log sequence number, or a `__$seqval`: 10 unsigned bytes, here the first 8 and the last 2.
///
/// Source: Microsoft Learn, "cdc.<capture_instance>_CT (Transact-SQL)".
public record Lsn(long high, int low) implements Comparable<Lsn> {

    /// The number of bytes of every LSN.
    public static final int LENGTH = 10;

    /// Before every LSN; what SQL Server answers where there is none.
    public static final Lsn ZERO = new Lsn(0, 0);

    /// After every LSN.
    public static final Lsn MAX = new Lsn(-1L, 0xFFFF);

    private static final VarHandle HIGH = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LOW = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    public Lsn {
        if ((low & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("the low part of an LSN has 16 bits, not " + Integer.toHexString(low));
        }
    }

    /// Reads 10 bytes. Throws `IllegalArgumentException` for any other length.
    public static Lsn of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("an LSN has 10 bytes, not " + bytes.length + ": "
                    + HexFormat.of().formatHex(bytes));
        }
        return new Lsn((long) HIGH.get(bytes, 0), (short) LOW.get(bytes, Long.BYTES) & 0xFFFF);
    }

    /// The 10 bytes, in an array of the caller's own.
    public byte[] toBytes() {
        return ByteBuffer.allocate(LENGTH).putLong(high).putShort((short) low).array();
    }

    /// The smallest LSN after this one. Throws `IllegalStateException` after [#MAX].
    public Lsn next() {
        if (equals(MAX)) {
            throw new IllegalStateException("there is no LSN after " + this);
        }
        return low == 0xFFFF ? new Lsn(high + 1, 0) : new Lsn(high, low + 1);
    }

    /// The largest LSN before this one. Throws `IllegalStateException` before [#ZERO].
    public Lsn previous() {
        if (equals(ZERO)) {
            throw new IllegalStateException("there is no LSN before " + this);
        }
        return low == 0 ? new Lsn(high - 1, 0xFFFF) : new Lsn(high, low - 1);
    }

    /// Written out, since it is asked several times a row: what a record has of itself is not inlined.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Lsn lsn && high == lsn.high && low == lsn.low);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(high) + low;
    }

    /// Unsigned, byte by byte.
    @Override
    public int compareTo(Lsn other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Integer.compare(low, other.low);
    }

    /// VLF:block:slot in hex: `00000020:00000100:0001`.
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high >>> 32, 8) + ":" + hex.toHexDigits(high, 8) + ":" + hex.toHexDigits(low, 4);
    }
}
