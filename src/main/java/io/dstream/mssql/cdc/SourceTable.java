package io.dstream.mssql.cdc;

import io.dstream.mssql.config.ColumnChoice;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A source table and its `object_id`, by which its capture instances are found; and which of its columns are read.
public record SourceTable(TableName name, int objectId, ColumnChoice columns) {

    /// The same with other columns.
    public SourceTable reading(ColumnChoice choice) {
        return new SourceTable(name, objectId, choice);
    }

    /// As below, where nobody minds namesakes.
    public static SourceTable find(Database database, String schema, String table)
            throws Failure, InterruptedException {
        return find(database, schema, table, _ -> {});
    }

    /// Finds the table, with all its columns: by its exact name, else by the one table whose name differs in
    /// case alone. Throws `PermanentFailure` where there is none. `namesakes` gets all of them, where there are
    /// others: within one configuration they are refused, but another instance may follow the other one.
    public static SourceTable find(Database database, String schema, String table, Consumer<List<TableName>> namesakes)
            throws Failure, InterruptedException {
        List<SourceTable> candidates =
                database.control("find table " + schema + "." + table, connection -> query(connection, schema, table));
        SourceTable found = choose(candidates, new TableName(schema, table));
        if (candidates.size() > 1) {
            namesakes.accept(candidates.stream().map(SourceTable::name).toList());
        }
        return found;
    }

    /// Every table of the database that the login may see.
    static List<SourceTable> all(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.ALL_SOURCE_TABLES)) {
            return read(statement);
        }
    }

    /// The one that is meant, of those whose names differ from `name` in case alone.
    static SourceTable choose(List<SourceTable> candidates, TableName name) throws PermanentFailure {
        List<TableName> namesakes = candidates.stream().map(SourceTable::name).toList();
        Optional<TableName> meant = meant(name, namesakes);
        if (meant.isPresent()) {
            return candidates.get(namesakes.indexOf(meant.get()));
        }
        throw new PermanentFailure("table " + name
                + (candidates.isEmpty()
                        ? " does not exist, or the login may not see it; check the name, or GRANT SELECT ON the table "
                                + "to the login"
                        : " could be any of " + namesakes + "; write it in its exact case"));
    }

    /// Every table of that name whatever its case.
    public static List<TableName> namesakes(Database database, String schema, String table)
            throws Failure, InterruptedException {
        return database
                .control("find table " + schema + "." + table, connection -> query(connection, schema, table))
                .stream()
                .map(SourceTable::name)
                .toList();
    }

    /// Which of `namesakes` [#find] takes for `written`; empty where it finds none or cannot tell.
    public static Optional<TableName> meant(TableName written, List<TableName> namesakes) {
        return namesakes.contains(written) || namesakes.size() != 1
                ? Optional.of(written).filter(namesakes::contains)
                : Optional.of(namesakes.getFirst());
    }

    private static List<SourceTable> query(Connection connection, String schema, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.SOURCE_TABLES)) {
            statement.setNString(1, schema);
            statement.setNString(2, table);
            return read(statement);
        }
    }

    private static List<SourceTable> read(PreparedStatement statement) throws SQLException {
        List<SourceTable> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new SourceTable(
                        new TableName(row.getString("schema_name"), row.getString("table_name")),
                        row.getInt("object_id"),
                        new ColumnChoice.All()));
            }
        }
        return found;
    }
}
