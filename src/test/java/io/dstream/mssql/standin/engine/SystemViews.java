package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The `sys.*` views of one database as real tables of its H2, so that joins come free. Used under the catalogue's
/// lock, on a connection of its own.
final class SystemViews {

    private static final SqlType NAME = new SqlType(Base.NVARCHAR, 128, 0, 0);
    private static final SqlType NUMBER = SqlType.of(Base.INT);
    private static final SqlType SMALL = SqlType.of(Base.SMALLINT);
    private static final SqlType TINY = SqlType.of(Base.TINYINT);
    private static final SqlType FLAG = SqlType.of(Base.BIT);

    private final Connection h2;
    private Set<Integer> tracked = Set.of();

    SystemViews(Connection h2) {
        this.h2 = h2;
    }

    void create(Catalog catalog) throws SQLException, SqlServerError {
        table(
                catalog,
                "databases",
                column("name", NAME),
                column("database_id", NUMBER),
                column("state_desc", NAME),
                column("is_read_committed_snapshot_on", FLAG),
                column("is_cdc_enabled", FLAG));
        table(catalog, "schemas", column("name", NAME), column("schema_id", NUMBER));
        table(
                catalog,
                "tables",
                column("name", NAME),
                column("object_id", NUMBER),
                column("schema_id", NUMBER),
                column("type", new SqlType(Base.CHAR, 2, 0, 0)),
                column("is_ms_shipped", FLAG),
                column("is_tracked_by_cdc", FLAG));
        table(
                catalog,
                "objects",
                column("name", NAME),
                column("object_id", NUMBER),
                column("schema_id", NUMBER),
                column("type", new SqlType(Base.CHAR, 2, 0, 0)),
                column("is_ms_shipped", FLAG));
        createColumnsAndTypes(catalog);
        for (String[] schema : List.of(
                new String[] {"1", "dbo"},
                new String[] {"2", "guest"},
                new String[] {"3", "INFORMATION_SCHEMA"},
                new String[] {"4", "sys"})) {
            addSchema(Integer.parseInt(schema[0]), schema[1]);
        }
    }

    private void createColumnsAndTypes(Catalog catalog) throws SQLException, SqlServerError {
        table(
                catalog,
                "columns",
                column("object_id", NUMBER),
                column("name", NAME),
                column("column_id", NUMBER),
                column("system_type_id", TINY),
                column("user_type_id", NUMBER),
                column("max_length", SMALL),
                column("precision", TINY),
                column("scale", TINY),
                column("is_nullable", FLAG),
                column("is_identity", FLAG),
                column("is_computed", FLAG));
        table(
                catalog,
                "types",
                column("name", NAME),
                column("system_type_id", TINY),
                column("user_type_id", NUMBER),
                column("schema_id", NUMBER),
                column("max_length", SMALL),
                column("precision", TINY),
                column("scale", TINY),
                column("is_nullable", FLAG),
                column("is_user_defined", FLAG),
                column("is_assembly_type", FLAG));
    }

    private void table(Catalog catalog, String name, Catalog.Column... columns) throws SQLException, SqlServerError {
        catalog.create(h2, "sys", name, List.of(columns), List.of());
        if (Stream.of(columns).anyMatch(column -> column.name().equals("object_id"))) {
            update("CREATE INDEX ON \"sys\".\"" + name + "\" (\"object_id\")");
        }
    }

    private static Catalog.Column column(String name, SqlType type) {
        return new Catalog.Column(name, type, true, false, Optional.empty(), Optional.empty());
    }

    void fillTypes() throws SQLException {
        for (Base base : Base.values()) {
            boolean assembly = SystemTypes.systemTypeId(base) == 240;
            insertType(
                    SystemTypes.name(base), SystemTypes.userTypeId(base), 4, SystemTypes.widest(base), true, assembly);
        }
        insertType("sysname", SystemTypes.SYSNAME, 4, NAME, false, false);
    }

    void addAliasType(DatabaseCatalog.AliasType alias, int schemaId) throws SQLException {
        insertType(alias.name(), alias.userTypeId(), schemaId, alias.type(), alias.nullable(), false);
    }

    private void insertType(String name, int id, int schemaId, SqlType type, boolean nullable, boolean assembly)
            throws SQLException {
        update(
                "INSERT INTO \"sys\".\"types\" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                name,
                SystemTypes.systemTypeId(type.base()),
                id,
                schemaId,
                SystemTypes.maxLength(type),
                SystemTypes.precision(type),
                SystemTypes.scale(type),
                nullable,
                id > SystemTypes.SYSNAME,
                assembly);
    }

    void addSchema(int id, String name) throws SQLException {
        update("INSERT INTO \"sys\".\"schemas\" VALUES (?, ?)", name, id);
    }

    void dropSchema(int id) throws SQLException {
        update("DELETE FROM \"sys\".\"schemas\" WHERE \"schema_id\" = ?", id);
    }

    void addTable(Catalog.Table table, int schemaId) throws SQLException {
        boolean shipped = table.schema().equals("cdc");
        update(
                "INSERT INTO \"sys\".\"tables\" VALUES (?, ?, ?, 'U', ?, FALSE)",
                table.name(),
                table.objectId(),
                schemaId,
                shipped);
        update(
                "INSERT INTO \"sys\".\"objects\" VALUES (?, ?, ?, 'U', ?)",
                table.name(),
                table.objectId(),
                schemaId,
                shipped);
    }

    void dropTable(int objectId) throws SQLException {
        for (String view : List.of("tables", "objects", "columns")) {
            update("DELETE FROM \"sys\".\"" + view + "\" WHERE \"object_id\" = ?", objectId);
        }
    }

    void setColumns(Catalog.Table table, Map<String, Integer> columnIds, DatabaseCatalog catalog) throws SQLException {
        update("DELETE FROM \"sys\".\"columns\" WHERE \"object_id\" = ?", table.objectId());
        for (Catalog.Column column : table.columns()) {
            SqlType type = column.type();
            int userTypeId = column.alias()
                    .flatMap(catalog::aliasType)
                    .map(DatabaseCatalog.AliasType::userTypeId)
                    .orElse(SystemTypes.userTypeId(type.base()));
            update(
                    "INSERT INTO \"sys\".\"columns\" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    table.objectId(),
                    column.name(),
                    columnIds.get(column.name().toLowerCase(Locale.ROOT)),
                    SystemTypes.systemTypeId(type.base()),
                    userTypeId,
                    SystemTypes.maxLength(type),
                    SystemTypes.precision(type),
                    SystemTypes.scale(type),
                    column.nullable(),
                    column.identity(),
                    column.computedAs().isPresent());
        }
    }

    /// One row a database of the server. None that stays is away in between: others may be asking for theirs.
    void setDatabases(List<StandInDatabase> databases) throws SQLException {
        String ids = databases.stream()
                .map(database -> String.valueOf(database.id()))
                .collect(Collectors.joining(", "));
        update("DELETE FROM \"sys\".\"databases\" WHERE \"database_id\" NOT IN (" + ids + ")");
        for (StandInDatabase database : databases) {
            update(
                    "MERGE INTO \"sys\".\"databases\" KEY (\"database_id\") VALUES (?, ?, 'ONLINE', TRUE, ?)",
                    database.name(),
                    database.id(),
                    database.capture().isEnabled());
        }
    }

    /// Takes `is_tracked_by_cdc` from `cdc.change_tables`. Touches only what changed: a thousand tables are enabled one
    /// by one.
    void refreshTracked(boolean cdcEnabled) throws SQLException {
        Set<Integer> now = cdcEnabled ? sourcesOfChangeTables() : Set.of();
        Set<Integer> changed = new HashSet<>(now);
        changed.addAll(tracked);
        changed.removeIf(id -> now.contains(id) && tracked.contains(id));
        for (Integer id : changed) {
            update(
                    "UPDATE \"sys\".\"tables\" SET \"is_tracked_by_cdc\" = ? WHERE \"object_id\" = ?",
                    now.contains(id),
                    id);
        }
        tracked = now;
    }

    private Set<Integer> sourcesOfChangeTables() throws SQLException {
        Set<Integer> sources = new HashSet<>();
        try (Statement statement = h2.createStatement();
                ResultSet row = statement.executeQuery("SELECT \"source_object_id\" FROM \"cdc\".\"change_tables\"")) {
            while (row.next()) {
                sources.add(row.getInt(1));
            }
        }
        return sources;
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
