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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A source table and its `object_id`, by which its capture instances are found; and which of its columns are read.
public record SourceTable(TableName name, int objectId, ColumnChoice columns) {

    private static final Logger log = LoggerFactory.getLogger(SourceTable.class);

    /// The same with other columns.
    public SourceTable reading(ColumnChoice choice) {
        return new SourceTable(name, objectId, choice);
    }

    /// Finds the table, with all its columns: by its exact name, else by the one table whose name differs in case
    /// alone. Throws `PermanentFailure` where there is none.
    public static SourceTable find(Database database, String schema, String table)
            throws Failure, InterruptedException {
        List<SourceTable> candidates =
                database.control("find table " + schema + "." + table, connection -> query(connection, schema, table));
        for (SourceTable candidate : candidates) {
            if (candidate.name().equals(new TableName(schema, table))) {
                warnOfNamesakes(candidate, candidates);
                return candidate;
            }
        }
        return switch (candidates.size()) {
            case 1 -> candidates.getFirst();
            case 0 ->
                throw new PermanentFailure("table " + schema + "." + table + " does not exist, or the login may not "
                        + "see it; check the name, or GRANT SELECT ON "
                        + "the table to the login");
            default ->
                throw new PermanentFailure("table " + schema + "." + table + " could be any of "
                        + candidates.stream().map(SourceTable::name).toList() + "; write it in its exact case");
        };
    }

    /// Within one configuration they are refused, but another instance may follow the other one.
    private static void warnOfNamesakes(SourceTable table, List<SourceTable> candidates) {
        if (candidates.size() > 1) {
            log.warn(
                    "Names of tables differ only in case, follow one of them at most: they share a lock table={} of={}",
                    table.name(),
                    candidates.stream().map(SourceTable::name).toList());
        }
    }

    private static List<SourceTable> query(Connection connection, String schema, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.SOURCE_TABLES)) {
            statement.setNString(1, schema);
            statement.setNString(2, table);
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
}
