package io.dstream.mssql.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.ChangeReader;
import io.dstream.mssql.cdc.ColumnGetter;
import io.dstream.mssql.cdc.FetchAheadLimit;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.NextWindow;
import io.dstream.mssql.cdc.NextWindow.Ready;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.RepeatedHours;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.checkpoint.InMemoryCheckpointStore;
import io.dstream.mssql.config.ReadingConfig.OnGap;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.lock.LeaseAttempt.Held;
import io.dstream.mssql.output.StdoutWriter;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// However the log is cut into windows, the same changes come out.
@ParameterizedClass(name = "{0}, before images {1}")
@CsvSource({"function, false", "change_table, false", "function, true", "change_table, true"})
final class WindowsIT {

    private static final int UNBOUNDED = 1_000_000;
    private static final Pattern CHANGES = Pattern.compile("\"changes\":\\[(.*)\\],\"metadata\":");
    private static final Pattern IMAGE = Pattern.compile("\"change_type\":\"(\\w+)\",\"data\":\\{\"id\":(\\d+)");

    @Parameter(0)
    String readMode = "";

    @Parameter(1)
    boolean beforeImages;

    private TestDatabase database;
    private Follow follow;
    private SourceTable table;

    @BeforeEach
    void write() throws Exception {
        database = TestDatabase.create();
        database.run(
                "CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, v int NULL)",
                "CREATE TABLE dbo.other (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "t");
        database.capture("dbo", "other");
        database.run("INSERT INTO dbo.t (id) VALUES (1), (2), (3)", "INSERT INTO dbo.other VALUES (1)");
        for (int i = 10; i < 20; i++) {
            database.run(
                    "BEGIN TRAN; INSERT INTO dbo.t (id) VALUES (" + i + "); INSERT INTO dbo.other VALUES (" + i
                            + "); UPDATE dbo.t SET v = " + i + "; COMMIT",
                    "INSERT INTO dbo.other VALUES (" + (100 + i) + ")");
        }
        database.run(
                "UPDATE dbo.t SET id = 30 WHERE id = 1",
                "UPDATE dbo.t SET id = id + 1 WHERE id BETWEEN 10 AND 19",
                "DELETE FROM dbo.t WHERE id > 15",
                "INSERT INTO dbo.other VALUES (999)");
        database.awaitCaptured("dbo_other", 1 + 20 + 1);
        follow = new Follow(
                database, "dbo.t", json -> json.put("read_mode", readMode).put("before_images", beforeImages));
        table = SourceTable.find(follow.database(), "dbo", "t");
    }

    @AfterEach
    void drop() {
        follow.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void windowsOfAnySizeGiveTheSameBytes(int transactions) throws Failure, InterruptedException {
        ChangeReader reader = reader();

        String whole = changes(reader.earliest(), UNBOUNDED);

        assertThat(whole).contains("\"insert\"", "\"update\"", "\"delete\"");
        assertThat(changes(reader.earliest(), transactions)).isEqualTo(whole);
    }

    @Test
    void readingOnFromAnyPositionGivesTheRest() throws Failure, InterruptedException {
        requireTheRestAfterEachPosition();
    }

    /// As rows are that were captured before their server was serviced, half a transaction of them.
    @Test
    void readingOnFromAnyPositionGivesTheRestThoughCommandIdsAreNull() throws Failure, InterruptedException {
        database.run("UPDATE cdc.dbo_t_CT SET [__$command_id] = NULL WHERE [__$command_id] = 1 OR id < 14");

        requireTheRestAfterEachPosition();
    }

    private void requireTheRestAfterEachPosition() throws Failure, InterruptedException {
        List<Position> positions = new ArrayList<>();
        ChangeReader reader = reader();
        String whole = changes(reader.earliest(), UNBOUNDED);
        reader.read(
                ((Ready) reader.next(reader.earliest(), follow.highestLsn(), UNBOUNDED)).window(), List.of(), row -> {
                    if (row.beginsGroup()) {
                        positions.add(row.position());
                    } else {
                        positions.set(positions.size() - 1, row.position());
                    }
                    return true;
                });
        assertThat(positions).isSorted().hasSizeGreaterThan(50);

        String before = whole;
        for (int i = 0; i < positions.size(); i += 5) {
            String rest = changes(positions.get(i), 3);
            assertThat(before).endsWith(rest);
            assertThat(rest).hasSizeLessThan(before.length());
            before = rest;
        }
        assertThat(changes(positions.getLast(), 3)).isEmpty();
    }

    @Test
    void aKeyUpdateIsADeleteAndThenAnInsert() throws Failure, InterruptedException {
        List<String> images = new ArrayList<>();
        Matcher image = IMAGE.matcher(changes(reader().earliest(), UNBOUNDED));
        while (image.find()) {
            images.add(image.group(1) + " " + image.group(2));
        }

        assertThat(images).containsSubsequence("insert 1", "delete 1", "insert 30");
        for (int id = 10; id < 20; id++) {
            assertThat(images).containsSubsequence("insert " + id, "delete " + id, "insert " + (id + 1));
        }
    }

    @Test
    void whatIsCommittedWhileAWindowIsReadComesInTheNextAndOnce() throws Failure, InterruptedException, SQLException {
        ChangeReader reader = reader();
        Lsn bound = follow.highestLsn();
        Ready first = (Ready) reader.next(reader.earliest(), bound, UNBOUNDED);
        long captured = Long.parseLong(database.ask("SELECT COUNT(*) FROM cdc.dbo_t_CT"));
        List<Lsn> commits = new ArrayList<>();
        reader.read(first.window(), List.of(), row -> {
            if (commits.isEmpty()) {
                insertAndCapture(captured + 1);
            }
            commits.add(row.commitLsn());
            return true;
        });
        assertThat(commits).allSatisfy(commit -> assertThat(commit).isLessThanOrEqualTo(bound));

        Ready second = (Ready) reader.next(first.window().end(), follow.highestLsn(), UNBOUNDED);
        List<Long> ids = new ArrayList<>();
        ColumnGetter id = (row, _, values) -> values.addNumber(row.getLong("id"));
        reader.read(second.window(), List.of(id), row -> ids.add(row.column(0).number(row.place())));
        assertThat(ids).containsExactly(5000L);
    }

    private void insertAndCapture(long rows) {
        try {
            database.run("INSERT INTO dbo.t (id) VALUES (5000)");
            database.awaitCaptured("dbo_t", rows);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private ChangeReader reader() {
        return new ChangeReader(
                follow.database(),
                table,
                follow.config().reading(),
                new RepeatedHours(ZoneOffset.UTC),
                new FetchAheadLimit(0));
    }

    /// The text of all changes after `from`, windows of so many transactions put end to end.
    private String changes(Position from, int transactions) throws Failure, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StdoutWriter stdout = StdoutWriter.start(out, () -> {});
        InMemoryCheckpointStore store = new InMemoryCheckpointStore();
        Monitoring shared = follow.sharing(store, stdout);
        Held held = (Held) shared.locker().tryAcquire(table.name());
        ChangeReader reader = reader();
        PacedCheckpoint checkpoint =
                new PacedCheckpoint(table.name(), store.open(table.name()), held.lease(), Duration.ZERO);
        WindowEmitter emitter = new WindowEmitter(
                shared, table.name(), reader, held.lease(), checkpoint, new GapGuard(table.name(), OnGap.FAIL, reader));
        Lsn highest = follow.highestLsn();
        Position position = from;
        while (!position.covers(highest)) {
            NextWindow next = reader.next(position, highest, transactions);
            assertThat(next).isInstanceOf(Ready.class);
            emitter.emit(((Ready) next).window(), Duration.ofSeconds(5));
            position = emitter.writtenUpTo().orElseThrow();
        }
        stdout.close(Poll.LIMIT);
        List<String> changes = new ArrayList<>();
        for (String line : out.toString(UTF_8).lines().toList()) {
            Matcher matcher = CHANGES.matcher(line);
            assertThat(matcher.find()).isTrue();
            changes.add(matcher.group(1));
        }
        return String.join(",", changes);
    }
}
