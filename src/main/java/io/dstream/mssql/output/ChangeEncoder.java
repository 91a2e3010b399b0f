package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.ChangeRow;
import io.dstream.mssql.cdc.ColumnGetter;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.config.OutputConfig;
import io.dstream.mssql.failure.PermanentFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Writes one change of a capture instance as a JSON object. All text that does not depend on the row is made
/// once. Used by one thread.
final class ChangeEncoder {

    private static final byte[] BEFORE = "},\"before\":{".getBytes(US_ASCII);

    private final List<ColumnGetter> getters;
    private final LineShape shape;
    private final RowEncoder data;
    private final RowEncoder dataBefore;

    /// The last transaction that `shape` was told of.
    private Optional<Lsn> transaction = Optional.empty();

    private Optional<Instant> committedAt = Optional.empty();

    /// A value in a change that is too long. `column` is its number in `image`.
    private record Value(RowEncoder image, int column, int bytes) {}

    /// Values longer than `mostValueBytes` are omitted. Throws `PermanentFailure` for a column of a type that
    /// cannot be written.
    ChangeEncoder(CaptureInstance instance, OutputConfig config, LineShape shape, int mostValueBytes)
            throws PermanentFailure {
        EncodedColumn[] columns = EncodedColumn.of(instance, config.decimalsAsStrings());
        this.getters =
                Arrays.stream(columns).map(column -> column.form().getter()).toList();
        this.shape = shape;
        this.data = new RowEncoder(
                columns, mostValueBytes, shape.memberName("unavailable_columns"), shape.memberName("omitted_columns"));
        this.dataBefore = new RowEncoder(
                columns,
                mostValueBytes,
                shape.memberName("before_unavailable_columns"),
                shape.memberName("before_omitted_columns"));
    }

    /// One a column, in the capture instance's order.
    List<ColumnGetter> getters() {
        return getters;
    }

    /// Writes the image before an update to `before`, for the [#encode] of that update. After an exception part
    /// of it may stand there.
    void encodeBefore(ChangeRow row, JsonBuffer before) {
        before.truncate(0);
        before.writeRaw(BEFORE);
        dataBefore.encode(row, before);
    }

    /// Appends the change in the current row, and what [#encodeBefore] wrote to `before`, if anything. After an
    /// exception part of it may stand in `out`.
    void encode(ChangeRow row, Optional<JsonBuffer> before, JsonBuffer out) {
        enterTransaction(row);
        shape.openChange(row.operation(), out);
        data.encode(row, out);
        if (hasBefore(before)) {
            out.writeRaw(before.get(), 0);
        }
        end(row, before, out);
    }

    private void enterTransaction(ChangeRow row) {
        boolean same = transaction.isPresent()
                && row.commitLsn().equals(transaction.get())
                && row.committedAt().equals(committedAt);
        if (!same) {
            transaction = Optional.of(row.commitLsn());
            committedAt = row.committedAt();
            shape.beginTransaction(row.commitLsn(), committedAt);
        }
    }

    private void end(ChangeRow row, Optional<JsonBuffer> before, JsonBuffer out) {
        shape.endValues(row.operation(), row.seqval(), out);
        data.writeNames(out);
        if (hasBefore(before)) {
            dataBefore.writeNames(out);
        }
        shape.closeChange(out);
    }

    private static boolean hasBefore(Optional<JsonBuffer> before) {
        return before.isPresent() && before.get().size() > 0;
    }

    /// Writes the change that [#encode] wrote to `out` from byte `from` on once more, without its largest
    /// values: as few as let it have `mostBytes`. False where it is longer still without any; then part of it
    /// may stand in `out`.
    ///
    /// Of values of the same length those of the image before go first, then those of later columns: keys tend
    /// to come first.
    boolean omitLargest(ChangeRow row, Optional<JsonBuffer> before, JsonBuffer out, int from, int mostBytes) {
        JsonBuffer whole = new JsonBuffer(out.size() - from);
        whole.writeRaw(out, from);
        List<Value> values = new ArrayList<>();
        data.omissible(whole, -from).forEach(i -> values.add(new Value(data, i, data.valueBytes(i))));
        if (hasBefore(before)) {
            dataBefore
                    .omissible(before.get(), 0)
                    .forEach(i -> values.add(new Value(dataBefore, i, dataBefore.valueBytes(i))));
        }
        values.sort(Comparator.comparingInt(Value::bytes));
        // Never more than what there will be: a value is replaced by its name, which its key had too.
        long expected = whole.size();
        for (Value value : values.reversed()) {
            value.image().omit(value.column());
            expected -= value.bytes() + 1L;
            if (expected <= mostBytes) {
                out.truncate(from);
                rewrite(row, before, whole, from, out);
                expected = (long) out.size() - from;
                if (expected <= mostBytes) {
                    return true;
                }
            }
        }
        return false;
    }

    private void rewrite(ChangeRow row, Optional<JsonBuffer> before, JsonBuffer whole, int from, JsonBuffer out) {
        shape.openChange(row.operation(), out);
        data.copy(whole, -from, out);
        if (hasBefore(before)) {
            out.writeRaw(BEFORE);
            dataBefore.copy(before.get(), 0, out);
        }
        end(row, before, out);
    }

    /// What was omitted from the change that was written last; empty where nothing was.
    Optional<Omission> omission(Optional<JsonBuffer> before) {
        boolean fromBefore = hasBefore(before) && dataBefore.omitsAny();
        if (!data.omitsAny() && !fromBefore) {
            return Optional.empty();
        }
        return Optional.of(new Omission(
                data.omittedNames(),
                fromBefore ? dataBefore.omittedNames() : List.of(),
                data.omittedBytes() + (fromBefore ? dataBefore.omittedBytes() : 0)));
    }

    /// Columns left out of one change, and how long their values were.
    record Omission(List<String> columns, List<String> columnsBefore, long bytes) {}
}
