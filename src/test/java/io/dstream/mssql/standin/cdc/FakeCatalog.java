package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.standin.engine.Catalog;
import io.dstream.mssql.standin.wire.SqlType;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// A catalogue that knows the types of these tests.
final class FakeCatalog implements Catalog {

    private final Map<TableName, Table> tables = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger(1000);

    @Override
    public Optional<Table> table(String schema, String name) {
        return Optional.ofNullable(tables.get(CaptureInstances.key(schema, name)));
    }

    @Override
    public Table create(Connection h2, String schema, String name, List<Column> columns, List<String> primaryKey)
            throws SQLException {
        String declarations = columns.stream()
                .map(column -> CdcSchema.quoted(column.name()) + " " + h2Type(column.type())
                        + column.computedAs()
                                .map(as -> " GENERATED ALWAYS AS (" + as + ")")
                                .orElse("")
                        + (primaryKey.contains(column.name()) ? " PRIMARY KEY" : ""))
                .collect(Collectors.joining(", "));
        execute(h2, "CREATE SCHEMA IF NOT EXISTS " + CdcSchema.quoted(schema));
        execute(h2, "CREATE TABLE " + h2Name(schema, name) + "(" + declarations + ")");
        return declare(new Table(lastId.incrementAndGet(), schema, name, columns, primaryKey));
    }

    /// Without H2: what an ALTER TABLE left.
    Table declare(Table table) {
        tables.put(CaptureInstances.key(table.schema(), table.name()), table);
        return table;
    }

    @Override
    public void alterColumn(Connection h2, Table table, Column to) throws SQLException {
        execute(
                h2,
                "ALTER TABLE " + h2Name(table.schema(), table.name()) + " ALTER COLUMN " + CdcSchema.quoted(to.name())
                        + " SET DATA TYPE " + h2Type(to.type()));
        List<Column> columns = table.columns().stream()
                .map(column -> column.name().equalsIgnoreCase(to.name()) ? to : column)
                .toList();
        declare(new Table(table.objectId(), table.schema(), table.name(), columns, table.primaryKey()));
    }

    @Override
    public int columnId(Table table, String column) {
        return 1 + table.columns().stream().map(Column::name).toList().indexOf(column);
    }

    @Override
    public void drop(Connection h2, String schema, String name) throws SQLException {
        execute(h2, "DROP TABLE " + h2Name(schema, name));
        tables.remove(CaptureInstances.key(schema, name));
    }

    @Override
    public String h2Name(String schema, String name) {
        return CdcSchema.quoted(schema) + "." + CdcSchema.quoted(name);
    }

    private static String h2Type(SqlType type) {
        return switch (type.base()) {
            case INT -> "INTEGER";
            case TINYINT -> "SMALLINT";
            case BIT -> "BOOLEAN";
            case BINARY -> "BINARY(" + type.length() + ")";
            case ROWVERSION -> "BINARY(8)";
            case VARBINARY -> type.length() < 0 ? "BLOB" : "VARBINARY(" + type.length() + ")";
            case NVARCHAR, VARCHAR -> type.length() < 0 ? "CLOB" : "VARCHAR(" + type.length() + ")";
            case TEXT, NTEXT -> "CLOB";
            case IMAGE -> "BLOB";
            case DATETIME -> "TIMESTAMP(3)";
            case DATETIME2 -> "TIMESTAMP(7)";
            case TIME -> "TIME(7)";
            case DATE -> "DATE";
            default -> throw new IllegalArgumentException(type.toString());
        };
    }

    private static void execute(Connection h2, String sql) throws SQLException {
        try (Statement statement = h2.createStatement()) {
            statement.execute(sql);
        }
    }
}
