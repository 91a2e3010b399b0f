package io.dstream.mssql.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Debezium itself against the server of the tests: what the judge stands on.
final class DebeziumReaderIT {

    /// That nobody uses the database any more is seen when it is dropped.
    @ParameterizedTest
    @EnumSource
    void startsStreamsAndStops(QueryMode mode) throws Exception {
        JudgedTable table = JudgedTable.plain();
        DebeziumChanges changes = new DebeziumChanges(Map.of(table.name(), table));
        try (TestDatabase database = TestDatabase.create()) {
            database.run(table.create());
            database.capture("dbo", table.name());
            Marks marks = new Marks(database);
            Properties settings = DebeziumSettings.of(
                    database.connectionString().driverProperties(),
                    List.of(table.qualified(), "dbo." + Marks.TABLE),
                    mode);
            DebeziumChanges.configure(settings);
            DebeziumReader reader = DebeziumReader.start(settings, changes::take);
            try (reader) {
                marks.awaitReader(reader, changes::lastMark);
                database.run(
                        "INSERT INTO dbo.plain VALUES (1, N'a'), (2, N'b')",
                        "UPDATE dbo.plain SET v = N'c' WHERE id = 1",
                        "UPDATE dbo.plain SET id = 3 WHERE id = 2",
                        "DELETE FROM dbo.plain WHERE id = 1");
                marks.pass(reader, changes::lastMark);
            }
            assertThat(reader.ending()).startsWith("well: ");
            assertThat(changes.of(table))
                    .extracting(PeerChange::operation)
                    .containsExactly("insert", "insert", "update", "delete", "insert", "delete");
        }
    }
}
