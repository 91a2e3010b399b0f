package io.dstream.mssql.process;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/// What the change table of one capture instance holds, read over JDBC.
final class ExpectedChanges {

    /// One change. `row` and `before` are `id v extra`; `before` is empty but for updates. `wide` where the
    /// capture instance has the column `extra`.
    record Expected(
            String identity,
            Lsn commitLsn,
            int commandId,
            Lsn seqval,
            int operation,
            String row,
            String before,
            boolean wide) {

        /// As `cdc_offsets` tells where a table stands.
        Position position(boolean byCommand) {
            return new Position(commitLsn, byCommand ? OptionalInt.of(commandId) : OptionalInt.empty(), seqval);
        }
    }

    private ExpectedChanges() {}

    /// In no order.
    static List<Expected> read(TestDatabase database, String table, String captureInstance, boolean wide)
            throws SQLException {
        String query = "SELECT [__$start_lsn] AS lsn, [__$command_id] AS command, [__$seqval] AS seq,"
                + " [__$operation] AS operation, id, v" + (wide ? ", extra" : "") + " FROM cdc.[" + captureInstance
                + "_CT] ORDER BY [__$start_lsn], [__$command_id], [__$seqval], [__$operation]";
        List<Expected> changes = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            String before = "";
            while (row.next()) {
                int operation = row.getInt("operation");
                String values = values(row, wide);
                if (operation == 3) {
                    before = values;
                } else {
                    changes.add(change(table, row, values, before, wide));
                    before = "";
                }
            }
        }
        return changes;
    }

    private static Expected change(String table, ResultSet row, String values, String before, boolean wide)
            throws SQLException {
        Lsn commitLsn = Lsn.of(row.getBytes("lsn"));
        Lsn seqval = Lsn.of(row.getBytes("seq"));
        int operation = row.getInt("operation");
        return new Expected(
                table + " " + commitLsn + " " + seqval + " " + typeOf(operation),
                commitLsn,
                row.getInt("command"),
                seqval,
                operation,
                values,
                before,
                wide);
    }

    private static String typeOf(int operation) {
        return switch (operation) {
            case 1 -> "delete";
            case 2 -> "insert";
            case 4 -> "update";
            default -> throw new AssertionError("operation " + operation);
        };
    }

    /// `id v extra`, NULL where the row has no `extra`.
    static String values(ResultSet row, boolean wide) throws SQLException {
        return row.getString("id") + " " + row.getString("v") + " " + (wide ? row.getString("extra") : "null");
    }

    /// How a read mode orders them.
    static Comparator<Expected> order(boolean byCommand) {
        Comparator<Expected> byTransaction = Comparator.comparing(Expected::commitLsn);
        return (byCommand ? byTransaction.thenComparingInt(Expected::commandId) : byTransaction)
                .thenComparing(Expected::seqval)
                .thenComparingInt(Expected::operation);
    }
}
