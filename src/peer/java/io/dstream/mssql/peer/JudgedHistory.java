package io.dstream.mssql.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.debezium.storage.file.history.FileSchemaHistory;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;

/// One random history that both read: Debezium while it is written, the program after each of its parts.
/// Between them the first table gets a column and a second capture instance, then loses the older one.
///
/// Source of that order: Debezium documentation, "Debezium connector for SQL Server", "Database schema
/// evolution".
final class JudgedHistory implements AutoCloseable {

    private static final Duration LIMIT = Poll.LIMIT.multipliedBy(5);
    private static final JudgedTable.Column EXTRA = new JudgedTable.Column("extra", "int", List.of("7", "8"));

    private final QueryMode mode;
    private final Path schemaHistory;
    private final TestDatabase database = TestDatabase.create();
    private final Map<String, JudgedTable> tables = new LinkedHashMap<>();
    private final Marks marks;
    private final JudgedWriters writers;
    private final OurChanges ours = new OurChanges(tables);
    private final DebeziumChanges theirs = new DebeziumChanges(tables);
    private final DebeziumReader debezium;

    JudgedHistory(long seed, QueryMode mode) throws SQLException, IOException {
        this.mode = mode;
        schemaHistory = Files.createTempFile("schema-history", ".dat");
        database.run("CREATE TYPE dbo.Phone FROM varchar(20) NULL");
        for (JudgedTable table : List.of(JudgedTable.plain(), JudgedTable.large(), JudgedTable.kinds())) {
            tables.put(table.name(), table);
            database.run(table.create());
            database.capture("dbo", table.name());
        }
        marks = new Marks(database);
        writers = new JudgedWriters(database, List.copyOf(tables.values()), new SplittableRandom(seed));
        debezium = DebeziumReader.start(settings(), theirs::take);
    }

    private Properties settings() {
        Properties settings = DebeziumSettings.of(database.connectionString().driverProperties(), names(), mode);
        DebeziumChanges.configure(settings);
        // In direct mode it stumbles over a change table that is gone, and starts again from what it has stored.
        settings.put("schema.history.internal", FileSchemaHistory.class.getName());
        settings.put("schema.history.internal.file.filename", schemaHistory.toString());
        settings.put("offset.flush.interval.ms", "0");
        settings.put("retriable.restart.connector.wait.ms", "100");
        return settings;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of("dbo." + Marks.TABLE));
        tables.values().forEach(table -> names.add(table.qualified()));
        return names;
    }

    /// In three parts.
    void write(long transactions) throws Exception {
        marks.awaitReader(debezium, theirs::lastMark);
        part(transactions / 3);
        JudgedTable wide = JudgedTable.plain().with(EXTRA);
        database.run(
                "ALTER TABLE dbo.plain ADD extra int NULL",
                "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'plain', @role_name = NULL,"
                        + " @capture_instance = N'plain_wide'");
        tables.put(wide.name(), wide);
        writers.use(wide);
        part(transactions / 3);
        database.run("EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N'plain',"
                + " @capture_instance = N'dbo_plain'");
        part(transactions - 2 * (transactions / 3));
    }

    private void part(long transactions) throws Exception {
        writers.play(transactions);
        marks.pass(debezium, theirs::lastMark);
        readOurs();
    }

    /// Goes on where it was and ends when it has caught up.
    private void readOurs() throws IOException, InterruptedException {
        ObjectNode config = Configs.of(database.connectionText(), names())
                .put("read_mode", mode == QueryMode.FUNCTION ? "function" : "change_table")
                .put("before_images", true)
                .put("stop_when_caught_up", true);
        try (IngesterProcess process = IngesterProcess.start(config.toString(), Map.of(), ours::take)) {
            assertThat(process.awaitExit(LIMIT)).as("%s", process.stderr()).isZero();
        }
    }

    /// How many changes there were of each table. Fails where the two differ.
    String judge() throws IOException {
        debezium.close();
        Verdict verdict = new Verdict(mode);
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (JudgedTable table : tables.values()) {
            verdict.requireSame(table, ours.of(table), theirs.of(table));
            counts.put(table.name(), ours.of(table).size());
        }
        if (counts.containsValue(0)) {
            throw new AssertionError("nothing was judged of a table: " + counts);
        }
        return "changes=" + counts + " differences=" + verdict.differences();
    }

    @Override
    public void close() throws IOException, SQLException {
        debezium.close();
        writers.close();
        database.close();
        Files.delete(schemaHistory);
    }
}
