package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.standin.engine.Catalog;
import io.dstream.mssql.standin.wire.SqlType;
import java.util.Arrays;
import java.util.List;
import org.h2.value.Value;
import org.h2.value.ValueNull;

/// One row of a change table, without its place: operation, update mask and captured columns.
///
/// Source: Microsoft Learn, "cdc.<capture_instance>_CT (Transact-SQL)", with its remarks on large objects.
final class ChangeRow {

    static final int DELETE = 1;
    static final int INSERT = 2;
    static final int BEFORE = 3;
    static final int AFTER = 4;

    final int operation;
    final byte[] updateMask;
    final Value[] values;

    private ChangeRow(int operation, byte[] updateMask, Value[] values) {
        this.operation = operation;
        this.updateMask = updateMask;
        this.values = values;
    }

    /// A delete or an insert: the mask has every column's bit.
    static ChangeRow whole(int operation, CapturedInstance instance, int[] indexes, Value[] row) {
        boolean[] all = new boolean[indexes.length];
        Arrays.fill(all, true);
        return image(operation, instance, indexes, row, all);
    }

    /// One image of an update.
    static ChangeRow image(int operation, CapturedInstance instance, int[] indexes, Value[] row, boolean[] changed) {
        List<Catalog.Column> columns = instance.columns();
        Value[] values = new Value[indexes.length];
        for (int i = 0; i < values.length; i++) {
            boolean there = indexes[i] >= 0 && isCaptured(columns.get(i), operation, changed[i]);
            values[i] = there ? row[indexes[i]] : ValueNull.INSTANCE;
        }
        return new ChangeRow(operation, mask(changed), values);
    }

    /// Which captured columns differ.
    static boolean[] changed(int[] indexes, Value[] before, Value[] after) {
        boolean[] changed = new boolean[indexes.length];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = indexes[i] >= 0 && !before[indexes[i]].equals(after[indexes[i]]);
        }
        return changed;
    }

    static boolean any(boolean[] flags) {
        for (boolean flag : flags) {
            if (flag) {
                return true;
            }
        }
        return false;
    }

    /// Column n (from 1) is bit `(n-1) % 8` of byte `length - (n-1)/8` (from 1): the last byte has the first columns.
    private static byte[] mask(boolean[] changed) {
        byte[] mask = new byte[(changed.length + 7) / 8];
        for (int i = 0; i < changed.length; i++) {
            if (changed[i]) {
                mask[mask.length - 1 - i / 8] |= (byte) (1 << (i % 8));
            }
        }
        return mask;
    }

    private static boolean isCaptured(Catalog.Column column, int operation, boolean changed) {
        if (column.computedAs().isPresent()) {
            return false;
        }
        SqlType type = column.type();
        return switch (type.base()) {
            case TEXT, NTEXT, IMAGE -> operation == INSERT || operation == AFTER;
            case VARCHAR, NVARCHAR, VARBINARY -> type.length() >= 0 || operation != BEFORE || changed;
            default -> true;
        };
    }
}
