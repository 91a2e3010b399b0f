package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A table that has change data capture, and the names of the columns that any of its capture instances captures.
public record CapturedTable(TableName name, Set<String> columns) {

    private static final Logger log = LoggerFactory.getLogger(CapturedTable.class);

    private record Found(TableName name, int objectId) {}

    public CapturedTable {
        columns = Set.copyOf(columns);
    }

    /// Every such table of the database that the login may see, by schema and name. Logs whose capture instances belong
    /// to tables that it may not see.
    public static List<CapturedTable> all(Database database) throws Failure, InterruptedException {
        return database.control("list the tables with change data capture", connection -> {
            Map<Integer, Set<String>> columns = columns(connection);
            return tables(connection).stream()
                    .map(found -> new CapturedTable(found.name(), columns.getOrDefault(found.objectId(), Set.of())))
                    .toList();
        });
    }

    private static Set<Found> tables(Connection connection) throws SQLException {
        Set<Found> tables = new LinkedHashSet<>();
        List<String> unseen = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CdcSql.CAPTURED_TABLES)) {
            while (row.next()) {
                Optional<String> schema = Optional.ofNullable(row.getString("schema_name"));
                if (schema.isPresent()) {
                    tables.add(new Found(
                            new TableName(schema.get(), row.getString("table_name")), row.getInt("object_id")));
                } else {
                    unseen.add(row.getString("capture_instance"));
                }
            }
        }
        if (!unseen.isEmpty()) {
            log.warn("Wildcards do not match tables that the login may not see capture_instances={}", unseen);
        }
        return tables;
    }

    private static Map<Integer, Set<String>> columns(Connection connection) throws SQLException {
        Map<Integer, Set<String>> columns = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CdcSql.CAPTURED_COLUMN_NAMES)) {
            while (row.next()) {
                columns.computeIfAbsent(row.getInt("source_object_id"), id -> new HashSet<>())
                        .add(row.getString("column_name"));
            }
        }
        return columns;
    }
}
