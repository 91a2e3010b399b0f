package io.dstream.mssql.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dstream.mssql.ingest.Ending;
import io.dstream.mssql.ingest.StopSignal;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.testing.TestDatabase;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The recorded conversation fits the program and its driver. `-Drehearsal.update=true` records it anew.
final class RehearsalIT {

    private static final Path RECORDED = Path.of("src/main/resources/io/dstream/mssql/rehearsal/conversation.bin");

    private static final String RENEW =
            "after a change of SQL statements or of the driver record the conversation anew: "
                    + "./mvnw verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=RehearsalIT "
                    + "-Drehearsal.update=true";

    /// It is in every copy of the program.
    private static final int LONGEST_FILE = 200_000;

    private static Conversation conversation;

    @Test
    void everythingThatARunAsksIsInTheRecordedConversation() throws Exception {
        assertThatCode(() -> new Rehearsal(conversation).run(5)).as(RENEW).doesNotThrowAnyException();
    }

    @Test
    void endsAtOnceWhereARequestIsNotInTheConversation() {
        Rehearsal rehearsal = new Rehearsal(new Conversation(Map.of()));

        assertThatThrownBy(() -> rehearsal.run(1)).hasMessageContaining("not in the recorded conversation");
    }

    @Test
    void theConversationIsShort() throws Exception {
        assertThat(RECORDED).isNotEmptyFile();
        assertThat(Files.size(RECORDED)).isLessThan(LONGEST_FILE);
    }

    @BeforeAll
    static void readOrRenew() throws Exception {
        if (Boolean.getBoolean("rehearsal.update")) {
            try (OutputStream out = Files.newOutputStream(RECORDED)) {
                record().write(out);
            }
        }
        try (InputStream in = Files.newInputStream(RECORDED)) {
            conversation = Conversation.read(in);
        }
    }

    private static Conversation record() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            RehearsalTable.create(database);
            try (RecordingRelay relay =
                    new RecordingRelay(database.standIn().orElseThrow().port())) {
                RehearsedRun run = new RehearsedRun(relay.port(), database.name(), StandIn.PASSWORD);
                assertThat(run.follow(Duration.ofSeconds(3), new StopSignal())).isEqualTo(Ending.STOPPED);
                for (int i = 0; i < 3; i++) {
                    database.run("DELETE FROM cdc_offsets");
                    assertThat(run.catchUp(new StopSignal())).isEqualTo(Ending.CAUGHT_UP);
                }
                askWhetherItLives(relay.port(), database.name());
                return relay.conversation();
            }
        }
    }

    /// As the pool does with a connection that nobody used for half a second.
    private static void askWhetherItLives(int port, String database) throws Exception {
        String url = "jdbc:sqlserver://127.0.0.1:" + port + ";encrypt=false;databaseName=" + database;
        try (Connection connection = DriverManager.getConnection(url, "sa", StandIn.PASSWORD)) {
            assertThat(connection.isValid(2)).isTrue();
        }
    }
}
