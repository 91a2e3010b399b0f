package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.config.ConnectionString;
import io.dstream.mssql.config.ReadingConfig;
import io.dstream.mssql.config.ReadingConfig.OnGap;
import io.dstream.mssql.config.ReadingConfig.ReadMode;
import io.dstream.mssql.config.ReadingConfig.StartFrom;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a window brings, and what it says when the ground under it has moved.
final class ChangeReaderIT {

    private static final int UNBOUNDED = 1_000_000;

    private TestDatabase server;
    private Database database;

    @BeforeEach
    void open() throws Exception {
        server = TestDatabase.create();
        server.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, v int NULL)");
        server.capture("dbo", "t");
        server.run(
                "INSERT INTO dbo.t VALUES (1, 1), (2, 2)",
                "UPDATE dbo.t SET v = 10 WHERE id = 1",
                "UPDATE dbo.t SET v = 20 WHERE id = 2",
                "INSERT INTO dbo.t VALUES (3, 3)");
        server.awaitCaptured("dbo_t", 7);
        database = Database.open(server.connectionString());
    }

    @AfterEach
    void close() {
        database.close();
        server.close();
    }

    private ChangeReader reader(ReadMode mode, boolean beforeImages) throws Failure, InterruptedException {
        return reader(database, mode, beforeImages);
    }

    private static ChangeReader reader(Database database, ReadMode mode, boolean beforeImages)
            throws Failure, InterruptedException {
        ReadingConfig reading = new ReadingConfig(mode, StartFrom.EARLIEST, OnGap.FAIL, beforeImages, Optional.empty());
        return new ChangeReader(
                database,
                SourceTable.find(database, "dbo", "t"),
                reading,
                new RepeatedHours(ZoneOffset.UTC),
                new FetchAheadLimit(1));
    }

    private Lsn highest() throws Failure, InterruptedException {
        return new MaxLsnWatch(database, Duration.ZERO).current().orElseThrow();
    }

    private Window window(ChangeReader reader, int mostTransactions) throws Failure, InterruptedException {
        return ((NextWindow.Ready) reader.next(reader.earliest(), highest(), mostTransactions)).window();
    }

    @Test
    void aWindowEndsWithTheLastOfItsTransactions() throws Failure, InterruptedException {
        ChangeReader reader = reader(ReadMode.FUNCTION, false);
        List<Lsn> commits = new ArrayList<>();
        reader.read(window(reader, UNBOUNDED), List.of(), row -> commits.add(row.commitLsn()));

        Window one = window(reader, 1);
        assertThat(one.transactions()).isEqualTo(1);
        assertThat(one.to()).isLessThan(highest());
        Window whole = window(reader, UNBOUNDED);
        assertThat(whole.to()).isEqualTo(highest());
        assertThat(whole.transactions()).isGreaterThanOrEqualTo(4);
        assertThat(commits).isSorted().hasSize(5);
    }

    @Test
    void rowsComeUntilTheHandlerWantsNoMore() throws Failure, InterruptedException {
        ChangeReader reader = reader(ReadMode.FUNCTION, false);
        List<Operation> taken = new ArrayList<>();

        Duration answeredAfter = reader.read(window(reader, UNBOUNDED), List.of(), row -> {
            assertThat(row.committedAt()).isPresent();
            taken.add(row.operation());
            return taken.size() < 3;
        });

        assertThat(taken).containsExactly(Operation.INSERT, Operation.INSERT, Operation.UPDATE_AFTER);
        assertThat(answeredAfter).isBetween(Duration.ZERO, Poll.LIMIT);
    }

    @Test
    void theUpdateMaskTellsWhatWasChanged() throws Failure, InterruptedException {
        ChangeReader reader = reader(ReadMode.CHANGE_TABLE, true);
        Map<Operation, List<byte[]>> masks = new HashMap<>();

        reader.read(
                window(reader, UNBOUNDED),
                List.of(),
                row -> masks.computeIfAbsent(row.operation(), _ -> new ArrayList<>())
                        .add(row.updateMask()));

        assertThat(masks.get(Operation.UPDATE_BEFORE))
                .hasSize(2)
                .allSatisfy(mask -> assertThat(mask).containsExactly(2));
    }

    @Test
    void instancesAreThoseThatHoldWhatComesNext() throws Exception {
        ChangeReader reader = reader(ReadMode.FUNCTION, false);
        Position old = reader.earliest();
        server.run(
                "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N't', @role_name = NULL, "
                        + "@capture_instance = N't_new'",
                "INSERT INTO dbo.t VALUES (4, 4)");
        server.awaitCaptured("t_new", 1);

        assertThat(reader.instancesAfter(old)).extracting(CaptureInstance::name).containsExactly("dbo_t", "t_new");
        assertThat(reader.instancesAfter(Position.after(highest())))
                .extracting(CaptureInstance::name)
                .containsExactly("t_new");
        NextWindow.Ready first = (NextWindow.Ready) reader.next(old, highest(), UNBOUNDED);
        assertThat(first.window().instance().name()).isEqualTo("dbo_t");
        assertThat(first.window().to()).isLessThan(highest());
        NextWindow.Ready second = (NextWindow.Ready) reader.next(first.window().end(), highest(), UNBOUNDED);
        assertThat(second.window().instance().name()).isEqualTo("t_new");
        assertThat(second.window().to()).isEqualTo(highest());
    }

    @Test
    void aPositionBelowTheLowWatermarkIsAGap() throws Failure, InterruptedException {
        ChangeReader reader = reader(ReadMode.FUNCTION, false);
        Position old = reader.earliest();
        Lsn newest = highest();
        cleanUpTo(newest);

        assertThat(reader.next(old, newest, UNBOUNDED)).isEqualTo(new NextWindow.Gap(newest));
    }

    private void cleanUpTo(Lsn watermark) {
        server.run("DECLARE @low binary(10) = 0x" + hex(watermark)
                + "; EXEC sys.sp_cdc_cleanup_change_table @capture_instance = N'dbo_t', @low_water_mark = @low, "
                + "@threshold = 5000");
    }

    private static String hex(Lsn lsn) {
        return HexFormat.of().formatHex(lsn.toBytes());
    }

    @Test
    void anInstanceThatIsGoneMayHaveASuccessor() throws Failure, InterruptedException {
        ChangeReader reader = reader(ReadMode.FUNCTION, false);
        Window planned = window(reader, UNBOUNDED);
        server.run("EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N't', "
                + "@capture_instance = N'dbo_t'");

        assertThatExceptionOfType(TransientFailure.class)
                .isThrownBy(() -> reader.read(planned, List.of(), _ -> true))
                .withMessageContaining("capture instance dbo_t was dropped before it could be read");
        assertThat(reader.lowWatermark(planned.instance())).isEmpty();
    }

    @Test
    void halfAnUpdateIsAnErrorUnlessTheCleanupIsAtWork() throws Failure, InterruptedException {
        ChangeReader reader = reader(ReadMode.CHANGE_TABLE, true);
        Window planned = window(reader, UNBOUNDED);
        server.run("DELETE FROM cdc.dbo_t_CT WHERE [__$operation] = 3 AND id = 2");
        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> reader.read(planned, List.of(), _ -> true))
                .withMessageContaining("has no image before (operation 3)");

        server.run("DELETE FROM cdc.dbo_t_CT WHERE [__$operation] = 4 OR id = 2");
        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> reader.read(planned, List.of(), _ -> true))
                .withMessageContaining("has no image after (operation 4)");

        cleanUpTo(planned.to());
        server.run("UPDATE cdc.dbo_t_CT SET [__$operation] = 3 WHERE id = 3");
        assertThatExceptionOfType(TransientFailure.class)
                .isThrownBy(() -> reader.read(planned, List.of(), _ -> true))
                .withMessageContaining("CDC's cleanup came while it was read");
    }

    @Test
    void whoMayNotReadTheChangeTableIsToldWhatToGrant() throws Failure, InterruptedException {
        Window planned = window(reader(ReadMode.CHANGE_TABLE, false), UNBOUNDED);
        String login = "reader_of_" + server.name();
        server.run(
                "CREATE LOGIN " + login + " WITH PASSWORD = 'Reader.1234'",
                "CREATE USER reader FOR LOGIN " + login,
                "GRANT SELECT ON dbo.t TO reader",
                "GRANT SELECT ON SCHEMA::cdc TO reader");
        ConnectionString admin = server.connectionString();
        Map<String, String> properties = new HashMap<>(admin.driverProperties());
        properties.put("user", login);
        properties.put("password", "Reader.1234");
        try (Database limited = Database.open(new ConnectionString(admin.host(), admin.database(), properties))) {
            ChangeReader reader = reader(limited, ReadMode.CHANGE_TABLE, false);
            server.run("REVOKE SELECT ON SCHEMA::cdc FROM reader");

            assertThatExceptionOfType(PermanentFailure.class)
                    .isThrownBy(() -> reader.read(planned, List.of(), _ -> true))
                    .withMessageContaining("GRANT SELECT ON OBJECT::[cdc].[dbo_t_CT] TO the login");
        } finally {
            server.run("DROP USER reader", "DROP LOGIN " + login);
        }
    }
}
