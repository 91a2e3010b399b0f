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
import java.util.stream.Gatherers;

/// Which tables the probe looks at, and through which change tables: the newest of each, but for those that the login
/// may not read.
///
/// @param sourceIds the object ids of the tables to look at
/// @param newest change tables by the object ids of source tables
/// @param readable the change tables that the login may read
/// @param look the statements, [ProbeSql#look]
record ProbedTables(Set<Integer> sourceIds, Map<Integer, ChangeTable> newest, List<ChangeTable> readable, String look) {

    static final ProbedTables NONE = new ProbedTables(Set.of(), Map.of(), List.of(), "");

    /// Asks the catalogue, and what the login may do: two requests, and one more for each few hundred tables.
    static ProbedTables find(Connection connection, List<SourceTable> tables) throws SQLException {
        Map<Integer, TableName> names = tables.stream()
                .collect(Collectors.toMap(SourceTable::objectId, SourceTable::name, (one, _) -> one, TreeMap::new));
        Map<Integer, ChangeTable> newest = newest(connection, names);
        List<ChangeTable> readable = newest.isEmpty() ? List.of() : readable(connection, List.copyOf(newest.values()));
        return new ProbedTables(names.keySet(), newest, readable, ProbeSql.look(readable, names.keySet()));
    }

    /// True where they are `tables`, in whatever order.
    boolean areOf(List<SourceTable> tables) {
        return sourceIds.equals(tables.stream().map(SourceTable::objectId).collect(Collectors.toSet()));
    }

    /// True where `sighting` saw no other capture instance since.
    boolean areNewest(Sighting sighting) {
        return sighting.newest().size() == newest.size()
                && newest.entrySet().stream()
                        .allMatch(entry -> sighting.isNewest(
                                entry.getKey(), entry.getValue().objectId()));
    }

    /// The change tables that the login may not read.
    List<ChangeTable> unreadable() {
        Set<ChangeTable> seen = Set.copyOf(readable);
        return newest.values().stream().filter(table -> !seen.contains(table)).toList();
    }

    /// They come oldest first.
    private static Map<Integer, ChangeTable> newest(Connection connection, Map<Integer, TableName> names)
            throws SQLException {
        Map<Integer, ChangeTable> newest = new TreeMap<>();
        List<List<Integer>> ids = names.keySet().stream()
                .gather(Gatherers.windowFixed(CaptureCatalogue.IDS_IN_A_QUERY))
                .toList();
        try (Statement statement = connection.createStatement()) {
            for (List<Integer> some : ids) {
                try (ResultSet row = statement.executeQuery(CdcSql.instanceNames(some))) {
                    while (row.next()) {
                        int source = row.getInt("source_object_id");
                        // Only what was asked for comes.
                        TableName name = Objects.requireNonNull(names.get(source));
                        newest.put(
                                source,
                                new ChangeTable(name, row.getInt("object_id"), row.getString("capture_instance")));
                    }
                }
            }
        }
        return newest;
    }

    private static List<ChangeTable> readable(Connection connection, List<ChangeTable> changeTables)
            throws SQLException {
        Set<Integer> may = new HashSet<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute(ProbeSql.permissions(changeTables));
            for (int result = 0; result < ProbeSql.results(changeTables); result++) {
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
        return changeTables.stream()
                .filter(table -> may.contains(table.objectId()))
                .toList();
    }
}
