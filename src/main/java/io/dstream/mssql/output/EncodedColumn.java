package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.CapturedColumn;
import io.dstream.mssql.failure.PermanentFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A column of a capture instance and how it is written. Immutable.
final class EncodedColumn {

    private static final Set<String> NOT_CAPTURED_WHEN_OLD = Set.of("text", "ntext", "image");

    /// As `sys.columns` has the length of `varchar(max)` and its kin, `xml` among them.
    private static final int MAX_LENGTH = -1;

    /// Of a computed column: CDC has no values of it.
    private static final ColumnForm NEVER_READ =
            new ColumnForm((row, index, values) -> values.addNull(), (values, place, out) -> out.writeNull());

    private final String name;

    /// The name as a JSON string; as the key of a further member: `,"name":`.
    private final byte[] jsonName;

    private final byte[] key;
    private final int ordinal;
    private final boolean neverCaptured;

    /// CDC writes NULL since the drop. The change table does not tell it from a NULL of before.
    private final boolean dropped;

    private final boolean absentWhenOld;
    private final boolean absentUnlessChanged;
    private final ColumnForm form;

    private EncodedColumn(CapturedColumn column, ColumnForm form) {
        JsonBuffer json = new JsonBuffer(64);
        json.writeString(column.name());
        this.name = column.name();
        this.jsonName = json.toBytes();
        this.key = ("," + json + ":").getBytes(UTF_8);
        this.ordinal = column.ordinal();
        this.neverCaptured = column.computed();
        this.dropped = column.dropped();
        this.absentWhenOld = NOT_CAPTURED_WHEN_OLD.contains(column.type().name());
        this.absentUnlessChanged = column.type().maxLengthBytes() == MAX_LENGTH;
        this.form = form;
    }

    /// Those of `instance`, in its order. Throws `PermanentFailure` for a column of a type that cannot be
    /// written.
    static EncodedColumn[] of(CaptureInstance instance, boolean decimalsAsStrings) throws PermanentFailure {
        List<EncodedColumn> all = new ArrayList<>();
        for (CapturedColumn column : instance.columns()) {
            all.add(new EncodedColumn(
                    column,
                    column.computed()
                            ? NEVER_READ
                            : ColumnEncoders.forColumn(instance.source(), column, decimalsAsStrings)));
        }
        return all.toArray(EncodedColumn[]::new);
    }

    String name() {
        return name;
    }

    byte[] jsonName() {
        return jsonName;
    }

    byte[] key() {
        return key;
    }

    ColumnForm form() {
        return form;
    }

    /// True for a computed column.
    boolean neverCaptured() {
        return neverCaptured;
    }

    /// True where NULL may only mean that there is no value: of a dropped column, in a delete or an image
    /// before an update (`isOld`) what CDC does not keep, in the latter (`isBefore`) what the update did not
    /// change.
    boolean mayBeMissing(boolean isOld, boolean isBefore, byte[] mask) {
        return dropped || (isOld && (absentWhenOld || (isBefore && absentUnlessChanged && !isChanged(mask))));
    }

    /// The column's bit of `__$update_mask`, whose last byte has the first columns.
    private boolean isChanged(byte[] mask) {
        int index = mask.length - 1 - (ordinal - 1) / Byte.SIZE;
        return index >= 0 && (mask[index] >> (ordinal - 1) % Byte.SIZE & 1) == 1;
    }
}
