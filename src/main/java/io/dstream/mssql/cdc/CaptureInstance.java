package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Identifiers;
import java.util.List;

/// One capture instance of a source table: `name` as in `cdc.change_tables`, `changeTableId` the
/// `object_id` of its change table, `columns` in ordinal order.
public record CaptureInstance(TableName source, String name, int changeTableId, List<CapturedColumn> columns) {

    public CaptureInstance {
        columns = List.copyOf(columns);
    }

    /// Its change table, quoted.
    public String changeTable() {
        return changeTable(name);
    }

    /// The change table of the capture instance of that name, quoted.
    static String changeTable(String captureInstance) {
        return Identifiers.quote("cdc", captureInstance + "_CT");
    }

    /// What lets a login read the change table of the capture instance of that name.
    static String grant(String captureInstance) {
        return "GRANT SELECT ON OBJECT::" + changeTable(captureInstance) + " TO the login";
    }

    /// What a login lacks that may not read the change table, which `read_mode` `change_table` does; ends a
    /// sentence that names the table.
    public String changeTableGrant() {
        return "the login may not read the change table, which read_mode change_table does: " + grant(name)
                + ", or SELECT ON SCHEMA::cdc for all of them";
    }

    /// What a `db_owner` runs to drop it, once nobody needs it.
    public String disableStatement() {
        return "EXEC sys.sp_cdc_disable_table @source_schema = " + Identifiers.text(source.schema())
                + ", @source_name = " + Identifiers.text(source.table()) + ", @capture_instance = "
                + Identifiers.text(name);
    }
}
