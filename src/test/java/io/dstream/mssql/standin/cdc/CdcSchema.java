package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.engine.Catalog;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes and keeps the tables of schema `cdc`, and the triggers. Has one connection of its own: one thread at a time.
final class CdcSchema {

    private static final String CDC = "cdc";

    private final Connection h2;
    private final Catalog catalog;

    CdcSchema(Connection h2, Catalog catalog) {
        this.h2 = h2;
        this.catalog = catalog;
    }

    /// Makes the tables; the catalogue makes the schema.
    void create() throws SQLException, SqlServerError {
        for (CdcTables.Table table : CdcTables.metadata()) {
            catalog.create(h2, CDC, table.name(), table.columns(), List.of());
        }
        createIndex("UNIQUE INDEX", CdcTables.LSN_TIME_MAPPING, "_clustered_idx", "start_lsn");
        createIndex("UNIQUE INDEX", CdcTables.CHANGE_TABLES, "_clustered_idx", "object_id");
        createIndex("UNIQUE INDEX", CdcTables.CAPTURED_COLUMNS, "_clustered_idx", "object_id", "column_ordinal");
    }

    /// Drops the tables; the schema stays, as the catalogue knows it.
    void drop() throws SQLException, SqlServerError {
        for (CdcTables.Table table : CdcTables.metadata()) {
            catalog.drop(h2, CDC, table.name());
        }
    }

    /// The shape of a table as it is now.
    SourceShape shape(Catalog.Table table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Statement statement = h2.createStatement();
                ResultSet none = statement.executeQuery(
                        "SELECT * FROM " + catalog.h2Name(table.schema(), table.name()) + " WHERE 1 = 0")) {
            ResultSetMetaData metaData = none.getMetaData();
            for (int i = 1; i <= metaData.getColumnCount(); i++) {
                columns.add(metaData.getColumnName(i));
            }
        }
        return new SourceShape(table, columns);
    }

    void createTrigger(Catalog.Table table) throws SQLException {
        execute("CREATE TRIGGER " + triggerName(table) + " AFTER INSERT, UPDATE, DELETE ON "
                + catalog.h2Name(table.schema(), table.name()) + " FOR EACH ROW CALL '"
                + CaptureTrigger.class.getName() + "'");
    }

    void dropTrigger(Catalog.Table table) throws SQLException {
        execute("DROP TRIGGER IF EXISTS " + triggerName(table));
    }

    /// The change table, with SQL Server's clustered index and one in the order of the function's key.
    Catalog.Table createChangeTable(String instance, List<Catalog.Column> captured)
            throws SQLException, SqlServerError {
        String name = CapturedInstance.changeTableName(instance);
        Catalog.Table table = catalog.create(h2, CDC, name, CdcTables.changeTable(captured), List.of());
        createIndex(
                "UNIQUE INDEX", name, "_clustered_idx", "__$start_lsn", "__$command_id", "__$seqval", "__$operation");
        createIndex("INDEX", name, "_seqval_idx", "__$start_lsn", "__$seqval", "__$operation");
        return table;
    }

    private void createIndex(String kind, String table, String suffix, String... columns) throws SQLException {
        List<String> quoted = List.of(columns).stream().map(CdcSchema::quoted).toList();
        execute("CREATE " + kind + " " + quoted(CDC) + "." + quoted(table + suffix) + " ON " + h2Name(table) + "("
                + String.join(", ", quoted) + ")");
    }

    void dropChangeTable(CapturedInstance instance) throws SQLException, SqlServerError {
        catalog.drop(h2, CDC, CapturedInstance.changeTableName(instance.name()));
        for (String table : List.of(
                CdcTables.CHANGE_TABLES, CdcTables.CAPTURED_COLUMNS, CdcTables.INDEX_COLUMNS, CdcTables.DDL_HISTORY)) {
            update("DELETE FROM " + h2Name(table) + " WHERE " + quoted("object_id") + " = ?", instance.changeTableId());
        }
    }

    /// The instance's rows in `change_tables`, `captured_columns` and `index_columns`.
    void describe(CapturedInstance instance, Catalog.Table source, boolean netChanges, LocalDateTime now)
            throws SQLException {
        int id = instance.changeTableId();
        List<Catalog.Column> columns = instance.columns();
        for (int i = 0; i < columns.size(); i++) {
            Catalog.Column column = columns.get(i);
            update(
                    "INSERT INTO " + h2Name(CdcTables.CAPTURED_COLUMNS) + " VALUES (?, ?, ?, ?, ?, ?, NULL)",
                    id,
                    column.name(),
                    catalog.columnId(source, column.name()),
                    column.type().base().name().toLowerCase(Locale.ROOT),
                    i + 1,
                    column.computedAs().isPresent());
        }
        for (int i = 0; i < source.primaryKey().size(); i++) {
            String column = source.primaryKey().get(i);
            update(
                    "INSERT INTO " + h2Name(CdcTables.INDEX_COLUMNS) + " VALUES (?, ?, ?, ?)",
                    id,
                    column,
                    i + 1,
                    catalog.columnId(source, column));
        }
        // object, version, source, instance, start, end, net changes, drop pending, role, index, filegroup, made,
        // switch
        update(
                "INSERT INTO " + h2Name(CdcTables.CHANGE_TABLES)
                        + " VALUES (?, 0, ?, ?, ?, NULL, ?, FALSE, ?, NULL, NULL, ?, TRUE)",
                id,
                source.objectId(),
                instance.name(),
                instance.startLsn().toBytes(),
                netChanges,
                instance.gatingRole().orElse(null),
                now);
    }

    /// The source column's type goes on to the change table, as SQL Server's capture process sees to. Source: Microsoft
    /// Learn, "cdc.ddl_history (Transact-SQL)", `required_column_update`.
    void retype(CapturedInstance instance, Catalog.Column column) throws SQLException, SqlServerError {
        Catalog.Table changeTable = catalog.table(CDC, CapturedInstance.changeTableName(instance.name()))
                .orElseThrow();
        catalog.alterColumn(
                h2,
                changeTable,
                new Catalog.Column(column.name(), column.type(), true, false, Optional.empty(), column.alias()));
        update(
                "UPDATE " + h2Name(CdcTables.CAPTURED_COLUMNS) + " SET " + quoted("column_type") + " = ? WHERE "
                        + quoted("object_id") + " = ? AND " + quoted("column_name") + " = ?",
                column.type().base().name().toLowerCase(Locale.ROOT),
                instance.changeTableId(),
                column.name());
    }

    /// Deletes rows below `low` and moves the start there, as one.
    void clean(CapturedInstance instance, Lsn low, Lsn lowest) throws SQLException {
        h2.setAutoCommit(false);
        try {
            update(
                    "DELETE FROM " + h2Name(CapturedInstance.changeTableName(instance.name())) + " WHERE "
                            + quoted("__$start_lsn") + " < ?",
                    (Object) low.toBytes());
            update(
                    "UPDATE " + h2Name(CdcTables.CHANGE_TABLES) + " SET " + quoted("start_lsn") + " = ? WHERE "
                            + quoted("object_id") + " = ?",
                    low.toBytes(),
                    instance.changeTableId());
            update(
                    "DELETE FROM " + h2Name(CdcTables.LSN_TIME_MAPPING) + " WHERE " + quoted("start_lsn") + " < ?",
                    (Object) lowest.toBytes());
            h2.commit();
        } finally {
            h2.rollback();
            h2.setAutoCommit(true);
        }
    }

    boolean isLogged(Lsn lsn) throws SQLException {
        try (PreparedStatement select = h2.prepareStatement(
                "SELECT 1 FROM " + h2Name(CdcTables.LSN_TIME_MAPPING) + " WHERE " + quoted("start_lsn") + " = ?")) {
            select.setBytes(1, lsn.toBytes());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private String h2Name(String table) {
        return catalog.h2Name(CDC, table);
    }

    private static String triggerName(Catalog.Table table) {
        return quoted(table.schema()) + "." + quoted("capture_" + table.objectId());
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = h2.createStatement()) {
            statement.execute(sql);
        }
    }

    private void update(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = h2.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
