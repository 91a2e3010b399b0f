package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.CapturedColumn;
import io.dstream.mssql.cdc.ChangeRow;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Operation;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.PermanentFailure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Writes one change of a capture instance as a JSON object. All text that does not depend on the row is made
/// once. Used by one thread.
final class ChangeEncoder {

    private static final Set<String> NOT_CAPTURED_WHEN_OLD = Set.of("text", "ntext", "image");

    /// As `sys.columns` has the length of `varchar(max)` and its kin, `xml` among them.
    private static final int MAX_LENGTH = -1;

    private static final byte[] BEFORE = utf8("},\"before\":{");
    private static final byte[] TIMESTAMP = utf8("},\"timestamp\":");
    private static final byte[] LSN = utf8(",\"lsn\":");
    private static final byte[] SEQ = utf8(",\"seq\":");
    private static final byte[] UNAVAILABLE = utf8(",\"unavailable_columns\":[");
    private static final byte[] BEFORE_UNAVAILABLE = utf8(",\"before_unavailable_columns\":[");
    private static final byte[] NO_MASK = {};

    /// The object up to its first value, by [Operation#number].
    private final byte[][] openings;

    private final Column[] columns;
    private final TableName table;

    /// Columns whose value is not in the change table, by their place in `columns`: those of every row, and those
    /// of the row being written and of the image before it.
    private final BitSet neverCaptured = new BitSet();

    private final BitSet unavailable = new BitSet();
    private final BitSet unavailableBefore = new BitSet();

    /// What [#writeTransaction] wrote last, and for which transaction.
    private final JsonBuffer transaction = new JsonBuffer(128);

    private Lsn transactionLsn = Lsn.ZERO;
    private Optional<Instant> transactionTime = Optional.empty();

    /// Throws `PermanentFailure` for a column of a type that cannot be written.
    ChangeEncoder(CaptureInstance instance, boolean decimalsAsStrings) throws PermanentFailure {
        table = instance.source();
        openings = new byte[Operation.values().length + 1][];
        for (Operation operation : Operation.values()) {
            openings[operation.number()] = opening(instance, operation);
        }
        List<Column> all = new ArrayList<>();
        for (CapturedColumn column : instance.columns()) {
            neverCaptured.set(all.size(), column.computed());
            all.add(new Column(
                    column,
                    column.computed()
                            ? (row, index, out) -> out.writeNull()
                            : ColumnEncoders.forColumn(instance.source(), column, decimalsAsStrings)));
        }
        columns = all.toArray(Column[]::new);
    }

    /// Writes the image before an update to `before`, for the [#encode] of that update. After an exception part of
    /// it may stand there.
    void encodeBefore(ChangeRow row, JsonBuffer before) throws SQLException, PermanentFailure {
        before.truncate(0);
        before.writeRaw(BEFORE);
        encodeValues(row, unavailableBefore, before);
    }

    /// Appends the change in the current row, and what [#encodeBefore] wrote to `before`, if anything. After an
    /// exception part of it may stand in `out`.
    void encode(ChangeRow row, Optional<JsonBuffer> before, JsonBuffer out) throws SQLException, PermanentFailure {
        out.writeRaw(openings[row.operation().number()]);
        encodeValues(row, unavailable, out);
        boolean hasBefore = before.isPresent() && before.get().size() > 0;
        if (hasBefore) {
            out.writeRaw(before.get(), 0);
        }
        writeTransaction(row.commitLsn(), row.committedAt(), out);
        out.writeLsn(row.seqval());
        writeNames(UNAVAILABLE, unavailable, out);
        if (hasBefore) {
            writeNames(BEFORE_UNAVAILABLE, unavailableBefore, out);
        }
        out.writeByte('}');
    }

    private void encodeValues(ChangeRow row, BitSet missing, JsonBuffer out) throws SQLException, PermanentFailure {
        missing.clear();
        missing.or(neverCaptured);
        ResultSet values = row.columns();
        int firstColumn = row.firstColumn();
        boolean isBefore = row.operation() == Operation.UPDATE_BEFORE;
        boolean isOld = isBefore || row.operation() == Operation.DELETE;
        byte[] mask = isBefore ? row.updateMask() : NO_MASK;
        boolean first = true;
        for (int i = 0; i < columns.length; i++) {
            Column column = columns[i];
            if (neverCaptured.get(i)) {
                continue;
            }
            int mark = out.size();
            out.writeRaw(column.key, first ? 1 : 0);
            int value = out.size();
            try {
                column.encoder.encode(values, firstColumn + i, out);
            } catch (SQLException e) {
                refuseUnreadable(values, column, e);
                throw e;
            }
            boolean mayBeMissing = column.dropped || (isOld && column.isNullWithoutValue(isBefore, mask));
            if (mayBeMissing && out.isNullSince(value)) {
                out.truncate(mark);
                missing.set(i);
            } else {
                first = false;
            }
        }
    }

    /// A value that the driver cannot give us will not become readable: an error without the number of a server's, on a
    /// connection that still works.
    private void refuseUnreadable(ResultSet row, Column column, SQLException e) throws SQLException, PermanentFailure {
        String state = String.valueOf(e.getSQLState());
        boolean passing = e.getErrorCode() != 0
                || e.getCause() != null
                || state.startsWith("08")
                || state.startsWith("HY")
                || Thread.currentThread().isInterrupted()
                || row.isClosed();
        if (!passing) {
            throw new PermanentFailure(
                    "table " + table + ", column " + new String(column.name, UTF_8) + ": its value cannot be read: "
                            + e.getMessage()
                            + "; leave the column out, with exclude_columns or of the capture instance",
                    e);
        }
    }

    /// From the end of the values to before the seqval; the same for all changes of a transaction.
    private void writeTransaction(Lsn commitLsn, Optional<Instant> time, JsonBuffer out) {
        if (transaction.size() == 0 || !commitLsn.equals(transactionLsn) || !time.equals(transactionTime)) {
            transaction.truncate(0);
            transaction.writeRaw(TIMESTAMP);
            writeTime(time, transaction);
            transaction.writeRaw(LSN);
            transaction.writeLsn(commitLsn);
            transaction.writeRaw(SEQ);
            transactionLsn = commitLsn;
            transactionTime = time;
        }
        out.writeRaw(transaction, 0);
    }

    private static void writeTime(Optional<Instant> time, JsonBuffer out) {
        if (time.isEmpty()) {
            out.writeNull();
        } else {
            out.writeByte('"');
            TemporalText.writeInstant(time.get(), out);
            out.writeByte('"');
        }
    }

    private void writeNames(byte[] key, BitSet named, JsonBuffer out) {
        int first = named.nextSetBit(0);
        if (first < 0) {
            return;
        }
        out.writeRaw(key);
        for (int i = first; i >= 0; i = named.nextSetBit(i + 1)) {
            if (i > first) {
                out.writeByte(',');
            }
            out.writeRaw(columns[i].name);
        }
        out.writeByte(']');
    }

    private static byte[] opening(CaptureInstance instance, Operation operation) {
        JsonBuffer out = new JsonBuffer(128);
        out.writeAscii("{\"table_name\":");
        out.writeString(instance.source().toString());
        out.writeAscii(",\"change_type\":");
        out.writeString(operation.changeType());
        out.writeAscii(",\"data\":{");
        return out.toBytes();
    }

    private static byte[] jsonString(String text) {
        JsonBuffer out = new JsonBuffer(64);
        out.writeString(text);
        return out.toBytes();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static final class Column {
        /// The name as a JSON string; as the key of a further member: `,"name":`.
        private final byte[] name;

        private final byte[] key;
        private final int ordinal;

        /// CDC writes NULL since the drop. The change table does not tell it from a NULL of before.
        private final boolean dropped;

        private final boolean absentWhenOld;
        private final boolean absentUnlessChanged;
        private final ColumnEncoder encoder;

        private Column(CapturedColumn column, ColumnEncoder encoder) {
            this.name = jsonString(column.name());
            this.key = utf8("," + new String(name, UTF_8) + ":");
            this.ordinal = column.ordinal();
            this.dropped = column.dropped();
            this.absentWhenOld = NOT_CAPTURED_WHEN_OLD.contains(column.type().name());
            this.absentUnlessChanged = column.type().maxLengthBytes() == MAX_LENGTH;
            this.encoder = encoder;
        }

        /// True where NULL in a delete or an image before an update may only mean that CDC did not keep the value.
        private boolean isNullWithoutValue(boolean isBefore, byte[] mask) {
            return absentWhenOld || (isBefore && absentUnlessChanged && !isChanged(mask));
        }

        /// The column's bit of `__$update_mask`, whose last byte has the first columns.
        private boolean isChanged(byte[] mask) {
            int index = mask.length - 1 - (ordinal - 1) / Byte.SIZE;
            return index >= 0 && (mask[index] >> (ordinal - 1) % Byte.SIZE & 1) == 1;
        }
    }
}
