package io.dstream.mssql.cdc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Which tables the probe looks at, and through which change tables: the newest of each, but for those that the login
/// may not read.
///
/// @param sources the tables to look at
/// @param newest change tables by source tables
/// @param readable the change tables that the login may read, without columns
/// @param look the statements, [ProbeSql#look]
record ProbedTables(
        List<SourceTable> sources, Map<Integer, Integer> newest, List<CaptureInstance> readable, String look) {

    static final ProbedTables NONE = new ProbedTables(List.of(), Map.of(), List.of(), "");

    /// Asks the catalogue, and what the login may do: two requests.
    static ProbedTables find(Connection connection, List<SourceTable> tables) throws SQLException {
        Map<Integer, TableName> names = tables.stream()
                .collect(Collectors.toMap(SourceTable::objectId, SourceTable::name, (one, _) -> one, TreeMap::new));
        Map<Integer, CaptureInstance> instances = instances(connection, names);
        List<CaptureInstance> readable =
                instances.isEmpty() ? List.of() : readable(connection, List.copyOf(instances.values()));
        Map<Integer, Integer> newest = instances.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().changeTableId()));
        return new ProbedTables(List.copyOf(tables), newest, readable, ProbeSql.look(readable, names.keySet()));
    }

    /// True where they are `tables`.
    boolean areOf(List<SourceTable> tables) {
        return sources.equals(tables);
    }

    /// True where `sighting` saw no other capture instance since.
    boolean areNewest(Sighting sighting) {
        return sighting.newest().size() == newest.size()
                && newest.entrySet().stream().allMatch(entry -> sighting.isNewest(entry.getKey(), entry.getValue()));
    }

    private static Map<Integer, CaptureInstance> instances(Connection connection, Map<Integer, TableName> names)
            throws SQLException {
        Map<Integer, CaptureInstance> newest = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ProbeSql.names(names.keySet()))) {
            while (row.next()) {
                int source = row.getInt("source_object_id");
                // Only what was asked for comes.
                TableName name = Objects.requireNonNull(names.get(source));
                String instance = row.getString("capture_instance");
                newest.put(source, new CaptureInstance(name, instance, row.getInt("object_id"), List.of()));
            }
        }
        return newest;
    }

    private static List<CaptureInstance> readable(Connection connection, List<CaptureInstance> instances)
            throws SQLException {
        Set<Integer> may = new HashSet<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute(ProbeSql.permissions(instances));
            for (int result = 0; result < ProbeSql.results(instances); result++) {
                try (ResultSet row = statement.getResultSet()) {
                    while (row.next()) {
                        if (row.getInt("may_select") == 1) {
                            may.add(row.getInt("object_id"));
                        }
                    }
                }
                statement.getMoreResults();
            }
        }
        return instances.stream()
                .filter(instance -> may.contains(instance.changeTableId()))
                .toList();
    }
}
