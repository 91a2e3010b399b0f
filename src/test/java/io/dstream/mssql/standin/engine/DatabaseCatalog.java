package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.tsql.DdlStatement.Identity;
import io.dstream.mssql.standin.tsql.H2Types;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The catalogue of one database, in memory, with [SystemViews] kept in step.
final class DatabaseCatalog implements Catalog {

    private static final int FIRST_OBJECT_ID = 901_578_250;
    private static final int FIRST_USER_TYPE_ID = 257;

    /// A column with what only H2 needs to know.
    record Definition(Column column, Optional<String> defaultSql, Optional<Identity> identity) {}

    /// An alias type.
    record AliasType(int userTypeId, String schema, String name, SqlType type, boolean nullable) {}

    private record Entry(Table table, Map<String, Integer> columnIds, int nextColumnId) {}

    private final SystemViews views;
    private final Map<String, Entry> tables = new LinkedHashMap<>();
    private final Map<String, String> schemas = new LinkedHashMap<>();
    private final Map<String, Integer> schemaIds = new HashMap<>();
    private final Map<String, AliasType> aliasTypes = new LinkedHashMap<>();
    private int nextSchemaId = 1;
    private int objects;

    /// Makes the system schemas and their views.
    DatabaseCatalog(SystemViews views) throws SQLException, SqlServerError {
        this.views = views;
        for (String schema : List.of("dbo", "guest", "INFORMATION_SCHEMA", "sys")) {
            declareSchema(schema);
        }
        views.create(this);
        views.fillTypes();
    }

    @Override
    public synchronized Optional<Table> table(String schema, String name) {
        return Optional.ofNullable(tables.get(key(schema, name))).map(Entry::table);
    }

    /// All of them, those of schemas `sys` and `cdc` among them.
    synchronized List<Table> tables() {
        return tables.values().stream().map(Entry::table).toList();
    }

    /// By its `object_id`.
    synchronized Optional<Table> table(int objectId) {
        return tables.values().stream()
                .map(Entry::table)
                .filter(table -> table.objectId() == objectId)
                .findFirst();
    }

    /// Whether the schema has no table.
    synchronized boolean isEmpty(String schema) {
        return tables.values().stream().noneMatch(e -> e.table().schema().equalsIgnoreCase(schema));
    }

    /// The schema as it was declared.
    synchronized Optional<String> schema(String name) {
        return Optional.ofNullable(schemas.get(lower(name)));
    }

    /// `dbo` is 1; 0 for none.
    synchronized int schemaId(String name) {
        return schemaIds.getOrDefault(lower(name), 0);
    }

    synchronized Optional<String> schemaById(int id) {
        return schemas.values().stream().filter(name -> schemaId(name) == id).findFirst();
    }

    synchronized void createSchema(Connection h2, String name) throws SQLException, SqlServerError {
        if (schemas.containsKey(lower(name))) {
            throw new SqlServerError(2714, 16, 6, "There is already an object named '" + name + "' in the database.");
        }
        execute(h2, "CREATE SCHEMA IF NOT EXISTS " + H2Types.quote(name));
        declareSchema(name);
        views.addSchema(schemaId(name), name);
    }

    private void declareSchema(String name) {
        schemas.put(lower(name), name);
        schemaIds.put(lower(name), nextSchemaId++);
    }

    synchronized void dropSchema(Connection h2, String name) throws SQLException, SqlServerError {
        if (!isEmpty(name)) {
            throw new SqlServerError(
                    3729, "Cannot drop schema '" + name + "' because it is being referenced by an object.");
        }
        execute(h2, "DROP SCHEMA " + H2Types.quote(String.valueOf(schemas.get(lower(name)))));
        views.dropSchema(schemaId(name));
        schemaIds.remove(lower(name));
        schemas.remove(lower(name));
    }

    @Override
    public Table create(Connection h2, String schema, String name, List<Column> columns, List<String> primaryKey)
            throws SQLException, SqlServerError {
        List<Definition> definitions = new ArrayList<>();
        for (Column column : columns) {
            Optional<Identity> identity = column.identity() ? Optional.of(new Identity(1, 1)) : Optional.empty();
            definitions.add(new Definition(column, Optional.empty(), identity));
        }
        return create(h2, schema, name, definitions, primaryKey, List.of());
    }

    /// With defaults, identities and unique constraints. Creates the schema where it is not there.
    synchronized Table create(
            Connection h2,
            String schema,
            String name,
            List<Definition> definitions,
            List<String> primaryKey,
            List<List<String>> uniques)
            throws SQLException, SqlServerError {
        if (tables.containsKey(key(schema, name))) {
            throw new SqlServerError(2714, 16, 6, "There is already an object named '" + name + "' in the database.");
        }
        if (schema(schema).isEmpty()) {
            createSchema(h2, schema);
        }
        execute(h2, TableSql.create(h2Name(schema, name), definitions, primaryKey, uniques));
        List<Column> columns = definitions.stream().map(Definition::column).toList();
        boolean system = schema.equalsIgnoreCase("sys");
        int objectId = system ? -100 - tables.size() : FIRST_OBJECT_ID + 16 * objects++;
        Table table =
                new Table(objectId, String.valueOf(schemas.get(lower(schema))), name, List.copyOf(columns), primaryKey);
        tables.put(key(schema, name), entry(table, Map.of(), 1));
        if (!system) {
            views.addTable(table, schemaId(schema));
            refreshColumns(table);
        }
        return table;
    }

    /// Keeps the ids that columns have and gives new ones to the others: ids are never used twice.
    private static Entry entry(Table table, Map<String, Integer> known, int next) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        int nextId = next;
        for (Column column : table.columns()) {
            Integer id = known.get(lower(column.name()));
            ids.put(lower(column.name()), id == null ? nextId++ : id);
        }
        return new Entry(table, ids, nextId);
    }

    @Override
    public synchronized void drop(Connection h2, String schema, String name) throws SQLException, SqlServerError {
        Table table = table(schema, name)
                .orElseThrow(() -> new SqlServerError(
                        3701, 11, 5, "Cannot drop the table '" + name + "', because it does not exist."));
        execute(h2, "DROP TABLE " + h2Name(schema, name));
        tables.remove(key(schema, name));
        views.dropTable(table.objectId());
    }

    /// Runs `ALTER TABLE name change` and declares the columns it leaves.
    synchronized void alter(Connection h2, Table table, String change, List<Column> columns)
            throws SQLException, SqlServerError {
        execute(h2, "ALTER TABLE " + h2Name(table.schema(), table.name()) + " " + change);
        Entry before = entryOf(table);
        Table changed =
                new Table(table.objectId(), table.schema(), table.name(), List.copyOf(columns), table.primaryKey());
        tables.put(key(table.schema(), table.name()), entry(changed, before.columnIds(), before.nextColumnId()));
        refreshColumns(changed);
    }

    @Override
    public synchronized void alterColumn(Connection h2, Table table, Column to) throws SQLException, SqlServerError {
        List<Column> columns = table.columns().stream()
                .map(column -> column.name().equalsIgnoreCase(to.name()) ? to : column)
                .toList();
        String change = "ALTER COLUMN " + H2Types.quote(to.name()) + " SET DATA TYPE " + H2Types.of(to.type());
        alter(h2, table, change, columns);
    }

    /// `sp_rename`: the column keeps its id.
    synchronized void renameColumn(Connection h2, Table table, String from, String to)
            throws SQLException, SqlServerError {
        Map<String, Integer> ids = new LinkedHashMap<>();
        entryOf(table).columnIds().forEach((name, id) -> ids.put(name.equals(lower(from)) ? lower(to) : name, id));
        tables.put(
                key(table.schema(), table.name()),
                new Entry(table, ids, entryOf(table).nextColumnId()));
        List<Column> columns = table.columns().stream()
                .map(column -> column.name().equalsIgnoreCase(from) ? renamed(column, to) : column)
                .toList();
        alter(h2, table, "ALTER COLUMN " + H2Types.quote(from) + " RENAME TO " + H2Types.quote(to), columns);
    }

    private static Column renamed(Column column, String to) {
        return new Column(to, column.type(), column.nullable(), column.identity(), column.computedAs(), column.alias());
    }

    @Override
    public synchronized int columnId(Table table, String column) {
        Integer id = entryOf(table).columnIds().get(lower(column));
        if (id == null) {
            throw new IllegalStateException(table.name() + " has no column " + column);
        }
        return id;
    }

    private void refreshColumns(Table table) throws SQLException {
        views.setColumns(table, entryOf(table).columnIds(), this);
    }

    private Entry entryOf(Table table) {
        Entry entry = tables.get(key(table.schema(), table.name()));
        if (entry == null) {
            throw new IllegalStateException("no table " + table.schema() + "." + table.name());
        }
        return entry;
    }

    synchronized void createType(String schema, String name, SqlType type, boolean nullable)
            throws SQLException, SqlServerError {
        if (aliasTypes.containsKey(lower(name))) {
            throw new SqlServerError(219, "The type '" + schema + "." + name + "' already exists.");
        }
        AliasType alias = new AliasType(FIRST_USER_TYPE_ID + aliasTypes.size(), schema, name, type, nullable);
        aliasTypes.put(lower(name), alias);
        views.addAliasType(alias, schemaId(schema));
    }

    synchronized Optional<AliasType> aliasType(String name) {
        return Optional.ofNullable(aliasTypes.get(lower(name)));
    }

    @Override
    public synchronized String h2Name(String schema, String name) {
        String declaredSchema = schemas.getOrDefault(lower(schema), schema);
        String declaredName = table(schema, name).map(Table::name).orElse(name);
        return H2Types.quote(declaredSchema) + "." + H2Types.quote(declaredName);
    }

    /// All tables, for messages and tests.
    @Override
    public synchronized String toString() {
        return tables.keySet().stream().collect(Collectors.joining(", "));
    }

    private static void execute(Connection h2, String sql) throws SQLException {
        try (Statement statement = h2.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String key(String schema, String name) {
        return lower(schema) + "." + lower(name);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
