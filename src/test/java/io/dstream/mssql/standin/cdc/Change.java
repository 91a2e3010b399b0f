package io.dstream.mssql.standin.cdc;

import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

/// One row that a statement changed. `before` is absent for an insert, `after` for a delete; `statement` tells the
/// statements of a transaction apart and grows.
final class Change {

    final SourceShape shape;
    final int statement;
    final Value @Nullable [] before;
    final Value @Nullable [] after;

    Change(SourceShape shape, int statement, Value @Nullable [] before, Value @Nullable [] after) {
        this.shape = shape;
        this.statement = statement;
        this.before = before;
        this.after = after;
    }

    boolean isUpdate() {
        return before != null && after != null;
    }
}
