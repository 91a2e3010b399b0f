package io.dstream.mssql.standin.cdc;

import static io.dstream.mssql.standin.wire.SqlType.Base.BINARY;
import static io.dstream.mssql.standin.wire.SqlType.Base.BIT;
import static io.dstream.mssql.standin.wire.SqlType.Base.DATETIME;
import static io.dstream.mssql.standin.wire.SqlType.Base.INT;
import static io.dstream.mssql.standin.wire.SqlType.Base.NVARCHAR;
import static io.dstream.mssql.standin.wire.SqlType.Base.TINYINT;
import static io.dstream.mssql.standin.wire.SqlType.Base.VARBINARY;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.engine.Catalog;
import io.dstream.mssql.standin.wire.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The columns of the tables in schema `cdc`, as SQL Server declares them.
///
/// Source: Microsoft Learn, "Change Data Capture Tables (Transact-SQL)".
final class CdcTables {

    static final String CHANGE_TABLES = "change_tables";
    static final String CAPTURED_COLUMNS = "captured_columns";
    static final String INDEX_COLUMNS = "index_columns";
    static final String LSN_TIME_MAPPING = "lsn_time_mapping";
    static final String DDL_HISTORY = "ddl_history";

    private static final SqlType LSN = new SqlType(BINARY, Lsn.LENGTH, 0, 0);
    private static final SqlType SYSNAME = new SqlType(NVARCHAR, 128, 0, 0);

    private CdcTables() {}

    /// A table of schema `cdc`.
    record Table(String name, List<Catalog.Column> columns) {}

    /// All but the change tables.
    static List<Table> metadata() {
        return List.of(
                new Table(
                        CHANGE_TABLES,
                        List.of(
                                required("object_id", SqlType.of(INT)),
                                optional("version", SqlType.of(INT)),
                                optional("source_object_id", SqlType.of(INT)),
                                required("capture_instance", SYSNAME),
                                optional("start_lsn", LSN),
                                optional("end_lsn", LSN),
                                optional("supports_net_changes", SqlType.of(BIT)),
                                optional("has_drop_pending", SqlType.of(BIT)),
                                optional("role_name", SYSNAME),
                                optional("index_name", SYSNAME),
                                optional("filegroup_name", SYSNAME),
                                optional("create_date", SqlType.of(DATETIME)),
                                required("partition_switch", SqlType.of(BIT)))),
                new Table(
                        CAPTURED_COLUMNS,
                        List.of(
                                required("object_id", SqlType.of(INT)),
                                required("column_name", SYSNAME),
                                optional("column_id", SqlType.of(INT)),
                                optional("column_type", SYSNAME),
                                required("column_ordinal", SqlType.of(INT)),
                                optional("is_computed", SqlType.of(BIT)),
                                optional("masking_function", new SqlType(NVARCHAR, 4000, 0, 0)))),
                new Table(
                        INDEX_COLUMNS,
                        List.of(
                                required("object_id", SqlType.of(INT)),
                                required("column_name", SYSNAME),
                                required("index_ordinal", SqlType.of(TINYINT)),
                                required("column_id", SqlType.of(INT)))),
                new Table(
                        LSN_TIME_MAPPING,
                        List.of(
                                required("start_lsn", LSN),
                                optional("tran_begin_time", SqlType.of(DATETIME)),
                                optional("tran_end_time", SqlType.of(DATETIME)),
                                optional("tran_id", new SqlType(VARBINARY, 10, 0, 0)),
                                optional("tran_begin_lsn", LSN))),
                new Table(
                        DDL_HISTORY,
                        List.of(
                                optional("source_object_id", SqlType.of(INT)),
                                required("object_id", SqlType.of(INT)),
                                optional("required_column_update", SqlType.of(BIT)),
                                optional("ddl_command", new SqlType(NVARCHAR, -1, 0, 0)),
                                required("ddl_lsn", LSN),
                                optional("ddl_time", SqlType.of(DATETIME)))));
    }

    /// A change table's columns: all captured ones may be NULL, none is an identity or computed any more.
    static List<Catalog.Column> changeTable(List<Catalog.Column> captured) {
        List<Catalog.Column> columns = new ArrayList<>();
        columns.add(required("__$start_lsn", LSN));
        columns.add(optional("__$end_lsn", LSN));
        columns.add(required("__$seqval", LSN));
        columns.add(required("__$operation", SqlType.of(INT)));
        columns.add(optional("__$update_mask", new SqlType(VARBINARY, 128, 0, 0)));
        for (Catalog.Column column : captured) {
            SqlType type =
                    column.type().base() == SqlType.Base.ROWVERSION ? new SqlType(BINARY, 8, 0, 0) : column.type();
            columns.add(new Catalog.Column(column.name(), type, true, false, Optional.empty(), column.alias()));
        }
        columns.add(optional("__$command_id", SqlType.of(INT)));
        return columns;
    }

    private static Catalog.Column required(String name, SqlType type) {
        return new Catalog.Column(name, type, false, false, Optional.empty(), Optional.empty());
    }

    private static Catalog.Column optional(String name, SqlType type) {
        return new Catalog.Column(name, type, true, false, Optional.empty(), Optional.empty());
    }
}
