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

    private static final Set<String> NOT_CAPTURED_IN_DELETES = Set.of("text", "ntext", "image");
    private static final byte[] TIMESTAMP = utf8("},\"timestamp\":");
    private static final byte[] LSN = utf8(",\"lsn\":");
    private static final byte[] SEQ = utf8(",\"seq\":");
    private static final byte[] UNAVAILABLE = utf8(",\"unavailable_columns\":[");

    /// The object up to its first value, by [Operation#number].
    private final byte[][] openings;

    private final Column[] columns;
    private final TableName table;

    /// Columns whose value is not in the change table, by their place in `columns`: those of every row, and those
    /// of the row being written.
    private final BitSet neverCaptured = new BitSet();

    private final BitSet unavailable = new BitSet();

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
                    jsonString(column.name()),
                    NOT_CAPTURED_IN_DELETES.contains(column.type().name()),
                    column.computed()
                            ? (row, index, out) -> out.writeNull()
                            : ColumnEncoders.forColumn(instance.source(), column, decimalsAsStrings)));
        }
        columns = all.toArray(Column[]::new);
    }

    /// Appends the change in the current row. After an exception part of it may stand in `out`.
    void encode(ResultSet row, Operation operation, Lsn commitLsn, Lsn seqval, Optional<Instant> time, JsonBuffer out)
            throws SQLException, PermanentFailure {
        out.writeRaw(openings[operation.number()]);
        unavailable.clear();
        unavailable.or(neverCaptured);
        encodeValues(row, operation, out);
        writeTransaction(commitLsn, time, out);
        out.writeLsn(seqval);
        if (!unavailable.isEmpty()) {
            writeUnavailable(out);
        }
        out.writeByte('}');
    }

    private void encodeValues(ResultSet row, Operation operation, JsonBuffer out)
            throws SQLException, PermanentFailure {
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
                column.encoder.encode(row, ChangeRow.FIRST_COLUMN + i, out);
            } catch (SQLException e) {
                refuseUnreadable(row, column, e);
                throw e;
            }
            if (operation == Operation.DELETE && column.absentInDeletes && out.isNullSince(value)) {
                out.truncate(mark);
                unavailable.set(i);
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
                            + e.getMessage() + "; leave the column out of the capture instance",
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

    private void writeUnavailable(JsonBuffer out) {
        out.writeRaw(UNAVAILABLE);
        int first = unavailable.nextSetBit(0);
        for (int i = first; i >= 0; i = unavailable.nextSetBit(i + 1)) {
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
        private final boolean absentInDeletes;
        private final ColumnEncoder encoder;

        private Column(byte[] name, boolean absentInDeletes, ColumnEncoder encoder) {
            this.name = name;
            this.key = utf8("," + new String(name, UTF_8) + ":");
            this.absentInDeletes = absentInDeletes;
            this.encoder = encoder;
        }
    }
}
