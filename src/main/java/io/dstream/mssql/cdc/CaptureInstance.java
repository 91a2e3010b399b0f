package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Identifiers;
import java.util.List;

/// One capture instance of a source table: `name` as in `cdc.change_tables`, `changeTableId` the
/// `object_id` of its change table, `columns` in ordinal order.
public record CaptureInstance(TableName source, String name, int changeTableId, List<CapturedColumn> columns) {

    public CaptureInstance {
        columns = List.copyOf(columns);
    }

    /// What a `db_owner` runs to drop it, once nobody needs it.
    public String disableStatement() {
        return "EXEC sys.sp_cdc_disable_table @source_schema = " + Identifiers.text(source.schema())
                + ", @source_name = " + Identifiers.text(source.table()) + ", @capture_instance = "
                + Identifiers.text(name);
    }
}
