package io.dstream.mssql.bench;

import io.dstream.mssql.config.ReadingConfig.ReadMode;
import io.dstream.mssql.standin.wire.SqlColumn;
import java.util.List;
import java.util.stream.Collectors;

/// What the bare loop is told to read: a query like the program's own, for all rows, and the types of its columns.
record BareQuery(String sql, String types) {

    static BareQuery of(RowShape shape, ReadMode mode) {
        String sql = sql(shape, mode);
        List<SqlColumn> columns = RowLayout.of(sql).columns(shape);
        return new BareQuery(
                sql, columns.stream().map(column -> column.type().base().name()).collect(Collectors.joining(",")));
    }

    private static String sql(RowShape shape, ReadMode mode) {
        String columns = shape.columns().stream()
                .map(column -> ", c.[" + column.name() + "]")
                .collect(Collectors.joining("", ", c.[id]", ""));
        return switch (mode) {
            case FUNCTION -> """
                    SELECT c.[__$start_lsn], c.[__$seqval], c.[__$operation]%s
                    FROM [cdc].[fn_cdc_get_all_changes_dbo_bench](?, ?, N'all') AS c
                    ORDER BY c.[__$start_lsn], c.[__$seqval], c.[__$operation]""".formatted(columns);
            case CHANGE_TABLE -> """
                    SELECT c.[__$start_lsn], c.[__$seqval], c.[__$operation],
                           COALESCE(c.[__$command_id], -1) AS command_id%s
                    FROM [cdc].[dbo_bench_CT] AS c
                    WHERE c.[__$start_lsn] >= ? AND c.[__$start_lsn] <= ? AND c.[__$operation] <> 3
                    ORDER BY c.[__$start_lsn], c.[__$command_id], c.[__$seqval], c.[__$operation]""".formatted(columns);
        };
    }
}
