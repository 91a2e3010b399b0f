package io.dstream.mssql.output;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.CapturedColumn;
import io.dstream.mssql.failure.PermanentFailure;

/// The check that every column can be written, before there is a row.
public final class EncodableColumns {

    private EncodableColumns() {}

    /// Throws `PermanentFailure` where a column's type has no JSON form. A computed column is never written.
    public static void require(CaptureInstance instance) throws PermanentFailure {
        for (CapturedColumn column : instance.columns()) {
            if (!column.computed()) {
                ColumnEncoders.forColumn(instance.source(), column, false);
            }
        }
    }
}
