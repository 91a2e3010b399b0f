package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// A second capture instance takes over after a column was added.
@ParameterizedClass
@ValueSource(strings = {"function", "change_table"})
final class InstanceSwitchIT {

    @Parameter
    String readMode = "";

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, a int NULL)");
        database.capture("dbo", "t");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void eachRowComesOnceThoughWritersGoOn() throws Exception {
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = Thread.ofVirtual().start(() -> {
            while (!done.get()) {
                int id = written.get() + 1;
                database.run("INSERT INTO dbo.t (id, a) VALUES (" + id + ", " + id + ")");
                written.set(id);
            }
        });
        try (IngesterProcess process = IngesterProcess.start(config().toString())) {
            process.until(() -> changes(process) >= 20);
            addColumn();
            process.until(() -> written(process, "v2"));
            done.set(true);
            writer.join();
            process.until(() -> changes(process) >= written.get());

            List<ChangeLine> changes = Envelopes.changes(process.stdout());
            assertThat(changes)
                    .extracting(change -> change.data().path("id").asInt())
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, written.get()).boxed().toList());
            assertShapesSwitchOnce(process.stdout());
        } finally {
            done.set(true);
            writer.join();
        }
    }

    @Test
    void aRestartFindsItsPlaceInEitherInstance() throws Exception {
        List<String> all = new ArrayList<>();
        insertAndCapture("(id, a) VALUES (1, 1)", "dbo_t", 1);
        all.addAll(Drain.of(config()).texts());
        insertAndCapture("(id, a) VALUES (2, 2)", "dbo_t", 2);
        addColumn();
        insertAndCapture("(id, a, b) VALUES (3, 3, 3)", "v2", 1);
        all.addAll(Drain.of(config()).texts());
        insertAndCapture("(id, a, b) VALUES (4, 4, 4)", "v2", 2);
        all.addAll(Drain.of(config()).texts());

        assertThat(all)
                .containsExactly(
                        "insert {\"id\":1,\"a\":1}",
                        "insert {\"id\":2,\"a\":2}",
                        "insert {\"id\":3,\"a\":3,\"b\":3}",
                        "insert {\"id\":4,\"a\":4,\"b\":4}");
    }

    @Test
    void theOldInstanceMayGoOnceItIsRead() throws Exception {
        insertAndCapture("(id, a) VALUES (1, 1)", "dbo_t", 1);
        addColumn();
        insertAndCapture("(id, a, b) VALUES (2, 2, 2)", "v2", 1);
        assertThat(Drain.of(config()).texts()).hasSize(2);
        database.run("EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N't',"
                + " @capture_instance = N'dbo_t'");
        insertAndCapture("(id, a, b) VALUES (3, 3, 3)", "v2", 2);

        assertThat(Drain.of(config()).texts()).containsExactly("insert {\"id\":3,\"a\":3,\"b\":3}");
    }

    @Test
    void ofTwoInstancesThatHoldTheSameTheNewerIsRead() throws Exception {
        insertAndCapture("(id, a) VALUES (1, 1)", "dbo_t", 1);
        addColumn();
        insertAndCapture("(id, a, b) VALUES (2, 2, 2)", "v2", 1);
        insertAndCapture("(id, a, b) VALUES (3, 3, 3)", "v2", 2);
        for (String instance : List.of("dbo_t", "v2")) {
            database.run("DECLARE @low binary(10) = (SELECT MAX(__$start_lsn) FROM cdc.v2_CT);"
                    + " EXEC sys.sp_cdc_cleanup_change_table @capture_instance = N'" + instance
                    + "', @low_water_mark = @low, @threshold = 5000");
        }

        assertThat(Drain.of(config()).texts()).containsExactly("insert {\"id\":3,\"a\":3,\"b\":3}");
    }

    private void insertAndCapture(String row, String instance, int rows) throws Exception {
        database.run("INSERT INTO dbo.t " + row);
        database.awaitCaptured(instance, rows);
    }

    private void addColumn() {
        database.run(
                "ALTER TABLE dbo.t ADD b int NULL",
                "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N't', @role_name = NULL,"
                        + " @capture_instance = N'v2'");
    }

    private static int changes(IngesterProcess process) {
        return Envelopes.changes(process.stdout()).size();
    }

    private static boolean written(IngesterProcess process, String instance) {
        return process.stdout().stream().anyMatch(line -> line.contains("\"capture_instance\":\"" + instance + "\""));
    }

    private static void assertShapesSwitchOnce(List<String> lines) {
        boolean switched = false;
        for (String line : lines) {
            JsonNode envelope = Envelopes.parse(line);
            boolean second = envelope.at("/metadata/capture_instance").asText().equals("v2");
            assertThat(second || !switched).as("no way back").isTrue();
            switched = second;
            for (JsonNode change : envelope.path("changes")) {
                assertThat(change.path("data").has("b")).isEqualTo(second);
            }
        }
        assertThat(switched).isTrue();
    }

    private ObjectNode config() {
        return Configs.of(database, "dbo.t").put("read_mode", readMode);
    }
}
