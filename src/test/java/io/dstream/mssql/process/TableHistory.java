package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What the change table of one table holds, read over JDBC in the order of a read mode, without images before an
/// update: every change that must arrive.
record TableHistory(String table, List<Entry> entries) {

    private static final int INVALID_OBJECT_NAME = 208;

    /// One change. `identity` is what a consumer drops repeats by.
    record Entry(Position position, String identity) {}

    /// What one run of the program wrote of all tables, and where `table` stood when it began.
    record Run(List<ChangeLine> changes, Optional<Position> stoodAt) {}

    /// `table` is `schema.table`, with the default capture instance, as `function` reads it.
    static TableHistory read(TestDatabase database, String table) throws SQLException {
        return read(database, table, "function");
    }

    /// As `readMode` reads it.
    static TableHistory read(TestDatabase database, String table, String readMode) throws SQLException {
        boolean byCommand = readMode.equals("change_table");
        String query = "SELECT [__$start_lsn] AS lsn, [__$command_id] AS command, [__$seqval] AS seq,"
                + " [__$operation] AS operation FROM cdc.["
                + table.replace('.', '_') + "_CT] WHERE [__$operation] <> 3 ORDER BY [__$start_lsn], "
                + (byCommand ? "[__$command_id], " : "") + "[__$seqval], [__$operation]";
        List<Entry> entries = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                OptionalInt command = byCommand ? OptionalInt.of(row.getInt("command")) : OptionalInt.empty();
                Position position = new Position(Lsn.of(row.getBytes("lsn")), command, Lsn.of(row.getBytes("seq")));
                String type = typeOf(row.getInt("operation"));
                entries.add(
                        new Entry(position, table + " " + position.commitLsn() + " " + position.seqval() + " " + type));
            }
        }
        return new TableHistory(table, entries);
    }

    private static String typeOf(int operation) {
        return switch (operation) {
            case 1 -> "delete";
            case 2 -> "insert";
            case 4 -> "update";
            default -> throw new AssertionError("operation " + operation);
        };
    }

    /// What `cdc_offsets` holds for `table`; empty where it has no row, or is not there yet.
    static Optional<Position> saved(TestDatabase database, String table) throws SQLException {
        return Optional.ofNullable(saved(database).get(table));
    }

    /// What `cdc_offsets` holds, by table.
    static Map<String, Position> saved(TestDatabase database) throws SQLException {
        Map<String, Position> saved = new HashMap<>();
        String query = "SELECT table_name, last_lsn, last_seq, last_command_id FROM cdc_offsets";
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                int number = row.getInt("last_command_id");
                OptionalInt command = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(number);
                saved.put(
                        row.getString("table_name"),
                        new Position(Lsn.of(row.getBytes("last_lsn")), command, Lsn.of(row.getBytes("last_seq"))));
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != INVALID_OBJECT_NAME) {
                throw e;
            }
        }
        return saved;
    }

    /// The runs together brought every change once, in order.
    void requireEachOnce(List<ChangeLine> changes) {
        assertThat(identities(changes)).as("changes of " + table).isEqualTo(identities());
    }

    /// Every run began where it stood or later, without a hole, and went on in order; the last reached the end. A run
    /// may begin later than it is said to have stood: a last save may arrive after whoever sent it was killed.
    void requireRepeatsOnlyAfterCheckpoints(List<Run> runs) {
        int next = 0;
        for (Run run : runs) {
            List<String> written = identities(run.changes());
            if (written.isEmpty()) {
                continue;
            }
            int first = identities().indexOf(written.getFirst());
            assertThat(first).as("first change of a run of " + table).isBetween(0, next);
            run.stoodAt()
                    .ifPresent(saved -> assertThat(entries.get(first).position())
                            .as("first change after checkpoint " + saved)
                            .isGreaterThan(saved));
            int end = Math.min(first + written.size(), entries.size());
            assertThat(written).as("a run of " + table).isEqualTo(identities().subList(first, end));
            next = Math.max(next, end);
        }
        assertThat(next).as("changes of " + table + " that arrived").isEqualTo(entries.size());
    }

    /// One run brought every change, in order; after a failure it went back `mostRepeats` changes at most, once for
    /// each of `mostFailures`.
    void requireCompleteDespite(int mostFailures, int mostRepeats, List<ChangeLine> changes) {
        List<String> wanted = identities();
        int next = 0;
        int failures = 0;
        for (String written : identities(changes)) {
            int index = next < wanted.size() && wanted.get(next).equals(written) ? next : wanted.indexOf(written);
            assertThat(index)
                    .as("place of " + written + " after " + next + " changes")
                    .isBetween(next - mostRepeats, next);
            failures += index < next ? 1 : 0;
            next = index + 1;
        }
        assertThat(next).as("changes of " + table + " that arrived").isEqualTo(wanted.size());
        assertThat(failures).as("times it went back").isLessThanOrEqualTo(mostFailures);
    }

    private List<String> identities() {
        return entries.stream().map(Entry::identity).toList();
    }

    private List<String> identities(List<ChangeLine> changes) {
        return changes.stream()
                .filter(change -> change.table().equals(table))
                .map(ChangeLine::identity)
                .toList();
    }
}
