package io.dstream.mssql.cdc;

import io.dstream.mssql.cdc.CapturedColumn.SqlType;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the catalogue says about capture instances, as it says it: asked one by one, or all at once.
interface CaptureCatalogue {

    /// Far from where a list of constants troubles the server.
    int IDS_IN_A_QUERY = 500;

    /// Those of the source table with this `object_id`, oldest first.
    List<ListedInstance> instances(int sourceTableId) throws SQLException;

    /// What a change table captures, by the `object_id` of both, in ordinal order; none where it was just dropped.
    List<ListedColumn> columns(int sourceTableId, int changeTableId) throws SQLException;

    /// Either LSN may be missing for a moment after the instance was made.
    record ListedInstance(String name, int changeTableId, Optional<Lsn> start, Optional<Lsn> watermark) {

        private static ListedInstance of(ResultSet row) throws SQLException {
            return new ListedInstance(
                    row.getString("capture_instance"),
                    row.getInt("object_id"),
                    lsn(row, "start_lsn"),
                    lsn(row, "low_watermark"));
        }

        private static Optional<Lsn> lsn(ResultSet row, String column) throws SQLException {
            return Optional.ofNullable(row.getBytes(column)).map(Lsn::of);
        }

        /// The start, where there is no watermark yet. Throws `TransientFailure` where there is no start.
        Lsn lowWatermark(TableName table) throws TransientFailure {
            Lsn began = start.orElseThrow(
                    () -> new TransientFailure(
                            "read capture instances of " + table + ": " + name
                                    + " is being made and has no start LSN yet; if this stays so, check SQL Server Agent and the capture job"));
            return watermark.orElse(began);
        }
    }

    /// `type` is missing where the login may not see it.
    record ListedColumn(String name, int ordinal, Optional<SqlType> type, boolean computed, boolean dropped) {

        private static ListedColumn of(ResultSet row) throws SQLException {
            int maxLengthBytes = row.getInt("max_length");
            int precision = row.getInt("numeric_precision");
            int scale = row.getInt("numeric_scale");
            return new ListedColumn(
                    row.getString("column_name"),
                    row.getInt("column_ordinal"),
                    Optional.ofNullable(row.getString("type_name"))
                            .map(type -> new SqlType(type.toLowerCase(Locale.ROOT), maxLengthBytes, precision, scale)),
                    row.getBoolean("is_computed"),
                    Optional.ofNullable(row.getObject("source_column_id")).isEmpty());
        }

        /// Throws `PermanentFailure` where the type is missing: a column that is left out in silence would be a lost
        /// change.
        CapturedColumn of(TableName table) throws PermanentFailure {
            SqlType known = type.orElseThrow(() -> new PermanentFailure("read the columns of " + table
                    + ": the login may not see the type of captured column " + name
                    + "; GRANT SELECT ON SCHEMA::cdc to the login"));
            return new CapturedColumn(name, ordinal, known, computed, dropped);
        }
    }

    /// Each question is a query on `connection`.
    static CaptureCatalogue asking(Connection connection) {
        return new CaptureCatalogue() {
            @Override
            public List<ListedInstance> instances(int sourceTableId) throws SQLException {
                try (PreparedStatement statement = connection.prepareStatement(CdcSql.CAPTURE_INSTANCES)) {
                    statement.setInt(1, sourceTableId);
                    List<ListedInstance> listed = new ArrayList<>();
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            listed.add(ListedInstance.of(row));
                        }
                    }
                    return listed;
                }
            }

            @Override
            public List<ListedColumn> columns(int sourceTableId, int changeTableId) throws SQLException {
                try (PreparedStatement statement = connection.prepareStatement(CdcSql.CAPTURED_COLUMNS)) {
                    statement.setInt(1, sourceTableId);
                    statement.setInt(2, changeTableId);
                    List<ListedColumn> listed = new ArrayList<>();
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            listed.add(ListedColumn.of(row));
                        }
                    }
                    return listed;
                }
            }
        };
    }

    /// Everything about these source tables, by two queries for each few hundred of them, now.
    static CaptureCatalogue snapshot(Connection connection, Collection<Integer> sourceTableIds) throws SQLException {
        Map<Integer, List<ListedInstance>> instances = new HashMap<>();
        Map<Integer, List<ListedColumn>> columns = new HashMap<>();
        List<Integer> ids = List.copyOf(sourceTableIds);
        for (int from = 0; from < ids.size(); from += IDS_IN_A_QUERY) {
            List<Integer> some = ids.subList(from, Math.min(ids.size(), from + IDS_IN_A_QUERY));
            readInstances(connection, some, instances);
            readColumns(connection, some, columns);
        }
        return new CaptureCatalogue() {
            @Override
            public List<ListedInstance> instances(int sourceTableId) {
                return instances.getOrDefault(sourceTableId, List.of());
            }

            @Override
            public List<ListedColumn> columns(int sourceTableId, int changeTableId) {
                return columns.getOrDefault(changeTableId, List.of());
            }
        };
    }

    private static void readInstances(
            Connection connection, List<Integer> sourceTableIds, Map<Integer, List<ListedInstance>> instances)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.captureInstances(sourceTableIds));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                instances
                        .computeIfAbsent(row.getInt("source_object_id"), _ -> new ArrayList<>())
                        .add(ListedInstance.of(row));
            }
        }
    }

    private static void readColumns(
            Connection connection, List<Integer> sourceTableIds, Map<Integer, List<ListedColumn>> columns)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.capturedColumns(sourceTableIds));
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                columns.computeIfAbsent(row.getInt("object_id"), _ -> new ArrayList<>())
                        .add(ListedColumn.of(row));
            }
        }
    }
}
