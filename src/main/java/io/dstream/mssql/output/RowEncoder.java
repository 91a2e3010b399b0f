package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dstream.mssql.cdc.ChangeRow;
import io.dstream.mssql.cdc.Operation;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.PermanentFailure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Writes one image of a row, as it is now or as it was before an update: the members of an object, a column
/// each. Knows afterwards which columns have no value, and where each value stands. Used by one thread.
final class RowEncoder {

    private static final byte[] NO_MASK = {};

    /// What a buffer keeps after a value too large for any line.
    private static final int KEPT_BYTES = 1024 * 1024;

    private final TableName table;
    private final EncodedColumn[] columns;

    /// Longer ones are left out at once, since no line can hold them.
    private final int mostValueBytes;

    /// `,"unavailable_columns":[` and `,"omitted_columns":[`, or what they are here.
    private final byte[] unavailableKey;

    private final byte[] omittedKey;

    /// By place in `columns`. Not in the change table: in every row, and in this one.
    private final BitSet neverCaptured = new BitSet();

    private final BitSet unavailable = new BitSet();

    /// Left out because the change was too long, and how long these values were.
    private final BitSet omitted = new BitSet();

    private long omittedBytes;

    /// Where each value begins and ends in the buffer it was encoded to.
    private final int[] begins;

    private final int[] ends;

    RowEncoder(
            TableName table, EncodedColumn[] columns, int mostValueBytes, String unavailableName, String omittedName) {
        this.table = table;
        this.columns = columns;
        this.mostValueBytes = mostValueBytes;
        this.unavailableKey = (",\"" + unavailableName + "\":[").getBytes(US_ASCII);
        this.omittedKey = (",\"" + omittedName + "\":[").getBytes(US_ASCII);
        this.begins = new int[columns.length];
        this.ends = new int[columns.length];
        for (int i = 0; i < columns.length; i++) {
            neverCaptured.set(i, columns[i].neverCaptured());
        }
    }

    /// After an exception part of the image may stand in `out`.
    void encode(ChangeRow row, JsonBuffer out) throws SQLException, PermanentFailure {
        unavailable.clear();
        unavailable.or(neverCaptured);
        omitted.clear();
        omittedBytes = 0;
        ResultSet values = row.columns();
        int firstColumn = row.firstColumn();
        boolean isBefore = row.operation() == Operation.UPDATE_BEFORE;
        boolean isOld = isBefore || row.operation() == Operation.DELETE;
        byte[] mask = isBefore ? row.updateMask() : NO_MASK;
        boolean first = true;
        for (int i = 0; i < columns.length; i++) {
            EncodedColumn column = columns[i];
            if (column.neverCaptured()) {
                continue;
            }
            int mark = out.size();
            out.writeRaw(column.key(), first ? 1 : 0);
            int value = out.size();
            encodeValue(column, values, firstColumn + i, out);
            if (column.mayBeMissing(isOld, isBefore, mask) && out.isNullSince(value)) {
                out.truncate(mark);
                unavailable.set(i);
            } else if (out.size() - value > mostValueBytes) {
                omit(i, out.size() - value);
                out.truncate(mark);
                out.shrink(KEPT_BYTES);
            } else {
                first = false;
                begins[i] = value;
                ends[i] = out.size();
            }
        }
    }

    private void encodeValue(EncodedColumn column, ResultSet values, int index, JsonBuffer out)
            throws SQLException, PermanentFailure {
        try {
            column.encoder().encode(values, index, out);
        } catch (SQLException e) {
            refuseUnreadable(values, column, e);
            throw e;
        }
    }

    /// A value that the driver cannot give us will not become readable: an error without the number of a
    /// server's, on a connection that still works.
    private void refuseUnreadable(ResultSet row, EncodedColumn column, SQLException e)
            throws SQLException, PermanentFailure {
        String state = String.valueOf(e.getSQLState());
        boolean passing = e.getErrorCode() != 0
                || e.getCause() != null
                || state.startsWith("08")
                || state.startsWith("HY")
                || Thread.currentThread().isInterrupted()
                || row.isClosed();
        if (!passing) {
            throw new PermanentFailure(
                    "table " + table + ", column " + column.name() + ": its value cannot be read: " + e.getMessage()
                            + "; leave the column out, with exclude_columns or of the capture instance",
                    e);
        }
    }

    /// Writes the image again, without what was omitted since, from where [#encode] wrote it: `encoded`, where
    /// all stands `shift` bytes further on.
    void copy(JsonBuffer encoded, int shift, JsonBuffer out) {
        boolean first = true;
        for (int i = 0; i < columns.length; i++) {
            if (!unavailable.get(i) && !omitted.get(i)) {
                out.writeRaw(columns[i].key(), first ? 1 : 0);
                out.writeRaw(encoded, begins[i] + shift, ends[i] + shift);
                first = false;
            }
        }
    }

    /// The columns, by number, whose value is there and not null; `encoded` and `shift` as in [#copy].
    List<Integer> omissible(JsonBuffer encoded, int shift) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            if (!unavailable.get(i) && !omitted.get(i) && !encoded.isNull(begins[i] + shift, ends[i] + shift)) {
                found.add(i);
            }
        }
        return found;
    }

    /// How long the value of column number `column` is.
    int valueBytes(int column) {
        return ends[column] - begins[column];
    }

    /// From now on column number `column` is named instead of copied.
    void omit(int column) {
        omit(column, valueBytes(column));
    }

    private void omit(int column, int bytes) {
        omitted.set(column);
        omittedBytes += bytes;
    }

    boolean omitsAny() {
        return !omitted.isEmpty();
    }

    /// How long the omitted values were together.
    long omittedBytes() {
        return omittedBytes;
    }

    /// The names of the omitted columns.
    List<String> omittedNames() {
        return omitted.stream().mapToObj(i -> columns[i].name()).toList();
    }

    /// Names the columns without a value, if there are any.
    void writeNames(JsonBuffer out) {
        writeNames(unavailableKey, unavailable, out);
        writeNames(omittedKey, omitted, out);
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
            out.writeRaw(columns[i].jsonName());
        }
        out.writeByte(']');
    }
}
