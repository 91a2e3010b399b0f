package io.dstream.mssql.cdc;

import java.util.List;

/// One capture instance of a source table: `name` as in `cdc.change_tables`, `changeTableId` the
/// `object_id` of its change table, `columns` in ordinal order.
public record CaptureInstance(TableName source, String name, int changeTableId, List<CapturedColumn> columns) {

    public CaptureInstance {
        columns = List.copyOf(columns);
    }
}
