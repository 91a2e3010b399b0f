package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dstream.mssql.cdc.ChangeRow;
import io.dstream.mssql.cdc.ColumnValues;
import io.dstream.mssql.cdc.Operation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Writes one image of a row, as it is now or as it was before an update: the members of an object, a column
/// each. Knows afterwards which columns have no value, and where each value stands. Used by one thread.
final class RowEncoder {

    private static final byte[] NO_MASK = {};

    /// What a buffer keeps after a value too large for any line.
    private static final int KEPT_BYTES = 1024 * 1024;

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

    RowEncoder(EncodedColumn[] columns, int mostValueBytes, String unavailableName, String omittedName) {
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

    void encode(ChangeRow row, JsonBuffer out) {
        unavailable.clear();
        unavailable.or(neverCaptured);
        omitted.clear();
        omittedBytes = 0;
        boolean isBefore = row.operation() == Operation.UPDATE_BEFORE;
        boolean isOld = isBefore || row.operation() == Operation.DELETE;
        byte[] mask = isBefore ? row.updateMask() : NO_MASK;
        int place = row.place();
        boolean first = true;
        for (int i = 0; i < columns.length; i++) {
            EncodedColumn column = columns[i];
            if (column.neverCaptured()) {
                continue;
            }
            ColumnValues values = row.column(i);
            boolean isNull = values.isNull(place);
            if (isNull && column.mayBeMissing(isOld, isBefore, mask)) {
                unavailable.set(i);
                continue;
            }
            int mark = out.size();
            out.writeRaw(column.key(), first ? 1 : 0);
            int value = out.size();
            if (isNull) {
                out.writeNull();
            } else {
                column.form().encoder().encode(values, place, out);
            }
            if (out.size() - value > mostValueBytes) {
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
