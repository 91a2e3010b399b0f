package io.dstream.mssql.peer;

import java.util.Locale;

/// How Debezium reads changes: its `data.query.mode`.
///
/// Source: Debezium documentation, "Debezium connector for SQL Server".
enum QueryMode {
    /// `cdc.fn_cdc_get_all_changes_*`, by commit LSN, seqval, operation.
    FUNCTION,
    /// The change table, by commit LSN, command id, seqval, operation.
    DIRECT;

    /// As in the configuration.
    String setting() {
        return name().toLowerCase(Locale.ROOT);
    }

    static QueryMode of(String setting) {
        return valueOf(setting.toUpperCase(Locale.ROOT));
    }
}
