package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Azurite;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `init` and `destroy`: what they make and remove, and that `plan` does neither.
@Execution(CONCURRENT)
final class InitAndDestroyIT {

    private static final String NOTES = "CREATE TABLE dbo.notes (id int PRIMARY KEY)";
    private static final String HAS_CDC = "SELECT is_cdc_enabled FROM sys.databases WHERE name = DB_NAME()";
    private static final String POSITIONS = "SELECT COUNT(*) FROM cdc_offsets";

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.createWithoutCdc();
        database.run(NOTES);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void initMakesWhatIsMissingOnceAndLeavesCdcAlone() throws Exception {
        Azurite azurite = Azurite.shared();
        String container = azurite.newContainerName();
        ObjectNode config = azure(azurite, container);

        CommandRun.of(config, "init").requireSame("init.txt", 0);
        CommandRun.of(config, "init", "--json").requireSame("init-again.json", 0);

        assertThat(client(azurite, container).exists()).isTrue();
        assertThat(database.ask(POSITIONS)).isEqualTo("0");
        assertThat(database.ask(HAS_CDC)).isIn("0", "false");
    }

    @Test
    void initEnablesCdcWhereAskedToAndThenThereIsData() throws Exception {
        CommandRun.of(config("sql_server"), "init", "--enable-cdc").requireSame("init-enable-cdc.txt", 0);
        CommandRun.inside(config("sql_server"), "init", "--enable-cdc").requireSame("init-enable-cdc-again.txt", 0);
        insert(1, 2);

        assertThat(Drain.of(config("sql_server")).texts()).containsExactly("insert {\"id\":1}", "insert {\"id\":2}");
    }

    @Test
    void initSaysWhatItCouldNotDoAndDoesTheRest() throws Exception {
        ObjectNode config = config("none");
        config.withArray("tables").insert(0, "dbo.missing");

        CommandRun.inside(config, "init", "--enable-cdc").requireSame("init-partly.txt", 1);
        assertThat(database.ask("SELECT COUNT(*) FROM cdc.change_tables")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({"none, destroy-without-locks.txt", "sql_server, destroy.txt"})
    void afterDestroyARunStartsOver(String lock, String answer) throws Exception {
        captured();
        assertThat(Drain.of(config(lock)).changes()).hasSize(2);
        assertThat(Drain.of(config(lock)).changes()).isEmpty();
        database.run("INSERT INTO cdc_offsets (table_name, last_lsn) VALUES (N'notes', 0x00000000000000000001)");

        CommandRun.inside(config(lock), "destroy").requireSame(answer, 0);

        assertThat(database.ask("SELECT table_name FROM cdc_offsets")).isEqualTo("notes");
        database.run("DELETE FROM cdc_offsets");
        assertThat(Drain.of(config(lock)).changes()).hasSize(2);
    }

    @Test
    void destroyRemovesLockBlobsAndRefusesWhileOneIsHeld() throws Exception {
        Azurite azurite = Azurite.shared();
        String container = azurite.newContainerName();
        ObjectNode config = azure(azurite, container);
        captured();
        List<String> before;
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2
                    && database.ask(POSITIONS).equals("1"));
            before = blobs(azurite, container);

            CommandRun refused = CommandRun.of(config, "destroy");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.stdout().toString()).contains("dbo.notes is followed by another instance", "pid");
            assertThat(blobs(azurite, container)).isEqualTo(before);
            assertThat(database.ask(POSITIONS)).isEqualTo("1");
            process.signal("TERM");
            process.awaitExit(Poll.LIMIT);
        }
        assertThat(before).hasSize(2);

        CommandRun.inside(config, "destroy").requireSame("destroy-blobs.txt", 0);
        CommandRun.inside(config, "destroy").requireSame("destroy-blobs-again.txt", 0);
        assertThat(blobs(azurite, container)).isEmpty();
        assertThat(database.ask(POSITIONS)).isEqualTo("0");
    }

    @Test
    void destroyRefusesWhileAnApplicationLockIsHeld() throws Exception {
        captured();
        try (IngesterProcess process =
                IngesterProcess.start(config("sql_server").toString())) {
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);

            assertThat(CommandRun.inside(config("sql_server"), "destroy").exitCode())
                    .isEqualTo(1);
            CommandRun status = CommandRun.inside(config("sql_server"), "status");
            assertThat(status.stdout()).anySatisfy(line -> assertThat(line).endsWith("  held"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "status"})
    void planAndStatusChangeNothing(String command) throws Exception {
        Azurite azurite = Azurite.shared();
        String container = azurite.newContainerName();
        String catalogue = "SELECT COUNT(*) FROM sys.objects";
        String tables = database.ask(catalogue);

        CommandRun.inside(azure(azurite, container), command);
        assertThat(database.ask(catalogue)).isEqualTo(tables);
        assertThat(database.ask(HAS_CDC)).isIn("0", "false");
        assertThat(client(azurite, container).exists()).isFalse();

        captured();
        Drain.of(azure(azurite, container));
        String row = "SELECT updated_at FROM cdc_offsets";
        String saved = database.ask(row);
        List<String> blobs = blobs(azurite, container);
        CommandRun.inside(azure(azurite, container), command);
        assertThat(database.ask(row)).isEqualTo(saved);
        assertThat(blobs(azurite, container)).isEqualTo(blobs);
    }

    private void captured() throws Exception {
        database.run("EXEC sys.sp_cdc_enable_db");
        database.capture("dbo", "notes");
        insert(1, 2);
    }

    private void insert(int... ids) throws Exception {
        for (int id : ids) {
            database.run("INSERT INTO dbo.notes VALUES (" + id + ")");
        }
        database.awaitCaptured("dbo_notes", ids.length);
    }

    private ObjectNode config(String lock) {
        ObjectNode config = Configs.of(database, "dbo.notes");
        config.putObject("lock_config").put("type", lock);
        return config;
    }

    private ObjectNode azure(Azurite azurite, String container) {
        ObjectNode config = config("azure_blob");
        config.withObjectProperty("lock_config")
                .put("connection_string", azurite.connectionString())
                .put("container_name", container);
        return config;
    }

    private static BlobContainerClient client(Azurite azurite, String container) {
        return new BlobContainerClientBuilder()
                .connectionString(azurite.connectionString())
                .containerName(container)
                .buildClient();
    }

    /// Names and etags.
    private static List<String> blobs(Azurite azurite, String container) {
        return client(azurite, container).listBlobs().stream()
                .map(InitAndDestroyIT::nameAndTag)
                .toList();
    }

    private static String nameAndTag(BlobItem blob) {
        return blob.getName() + " " + blob.getProperties().getETag();
    }
}
