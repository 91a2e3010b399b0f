package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dstream.mssql.cdc.Sighting.Verdict.News;
import io.dstream.mssql.cdc.Sighting.Verdict.Quiet;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.standin.cdc.ChangeCapture;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.StatementLog;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a look costs and sees, of more tables than one statement asks for.
final class ChangeProbeIT {

    private static final int TABLES = ProbeSql.BRANCHES + 1;

    private TestDatabase server;
    private Database database;
    private MaxLsnWatch watch;
    private ChangeProbe probe;
    private List<SourceTable> tables;
    private final StatementLog asked = new StatementLog();

    @BeforeEach
    void open() throws Exception {
        server = TestDatabase.create();
        assumeTrue(server.standIn().isPresent(), "counts what the stand-in is asked");
        for (int i = 0; i < TABLES; i++) {
            server.run("CREATE TABLE dbo.t" + i + " (id int NOT NULL PRIMARY KEY)");
            server.capture("dbo", "t" + i);
        }
        insert("t0");
        database = Database.open(server.connectionString());
        watch = new MaxLsnWatch(database, Duration.ofHours(1));
        probe = new ChangeProbe(database, watch);
        tables = database.control("find tables", SourceTable::all).stream()
                .filter(table -> table.name().schema().equals("dbo"))
                .sorted(Comparator.comparingInt(SourceTable::objectId))
                .toList();
    }

    @AfterEach
    void close() {
        probe.close();
        database.close();
        server.close();
    }

    private void insert(String table) throws Exception {
        server.run("INSERT INTO dbo." + table + " VALUES (1)");
        server.awaitCaptured("dbo_" + table, 1);
    }

    private Position highest() throws Exception {
        return Position.after(watch.refreshed().orElseThrow());
    }

    @Test
    void seesOfEachTableWhetherSomethingCame() throws Exception {
        probe.look(tables);
        Position before = highest();
        insert("t7");
        insert("t" + (TABLES - 1));

        Sighting now = probe.look(tables);

        assertThat(tables).hasSize(TABLES);
        assertThat(tables.stream()
                        .filter(table -> now.of(table, before) instanceof News)
                        .map(table -> table.name().table()))
                .containsExactlyInAnyOrder("t7", "t" + (TABLES - 1));
        assertThat(tables)
                .filteredOn(table -> now.of(table, before) instanceof Quiet)
                .hasSize(TABLES - 2);
    }

    @Test
    void asksOnceALookAndOnlyForTheHighestLsnWhileThatStandsStill() throws Exception {
        ChangeCapture capture = server.standIn().orElseThrow().engine().capture(server.name());
        probe.look(tables);
        probe.look(tables);
        try (Installed _ = Installed.in(server.standIn().orElseThrow(), asked)) {
            Sighting still = probe.look(tables);
            assertThat(probe.look(tables)).isSameAs(still);
            assertThat(asked.counts()).containsExactlyEntriesOf(Map.of(CdcSql.MAX_LSN, 2L));

            Lsn idle = capture.advanceIdle();
            Poll.until(() -> watch.refreshed().equals(Optional.of(idle)), () -> "not captured");
            asked.reset();
            assertThat(probe.look(tables).highest()).contains(idle);
            // Small, then whole; and since it moves, whole at once.
            assertThat(asked.total()).isEqualTo(2);
            probe.look(tables);
            assertThat(asked.total()).isEqualTo(3);
            probe.look(tables);
            assertThat(asked.countContaining("AS last_lsn")).isEqualTo(2);
        }
    }

    @Test
    void tellsTheWatchWhatItSaw() throws Exception {
        probe.look(tables);
        Optional<Lsn> before = watch.current();
        insert("t1");

        probe.look(tables);

        assertThat(watch.current()).isNotEqualTo(before);
    }

    @Test
    void looksAgainAtOnceAfterAChangeTableWasDropped() throws Exception {
        probe.look(tables);
        Position before = highest();
        server.run("EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N't3',"
                + " @capture_instance = N'dbo_t3'");
        insert("t5");

        Sighting now = probe.look(tables);

        assertThat(tables.stream()
                        .filter(table -> now.of(table, before) instanceof News)
                        .map(table -> table.name().table()))
                .containsExactlyInAnyOrder("t3", "t5");
    }

    @Test
    void theSameTablesInAnotherOrderAreTheSame() throws Exception {
        probe.look(tables);
        probe.look(tables);
        try (Installed _ = Installed.in(server.standIn().orElseThrow(), asked)) {
            probe.look(tables.reversed());

            assertThat(asked.counts()).containsExactlyEntriesOf(Map.of(CdcSql.MAX_LSN, 1L));
        }
    }
}
