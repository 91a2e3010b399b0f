package io.dstream.mssql.process;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.process.ExpectedChanges.Expected;
import io.dstream.mssql.process.MortalRun.Result;
import io.dstream.mssql.process.RandomVerdict.Life;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// One random history: writers, several runs of the program that end as they may, one that reads the rest, and
/// the verdict. The seed decides all of it but for what threads make of it.
final class RandomRound implements AutoCloseable {

    private final RandomGenerator random;
    private final RandomSettings settings;
    private final TestDatabase database = TestDatabase.create();
    private final RandomWriters writers;
    private final WindowLimit windows;
    private final List<Life> lives = new ArrayList<>();

    /// What was read of capture instances that are gone, by table.
    private final Map<String, List<Expected>> ofOlderInstances = new HashMap<>();

    private final Set<String> wide = new HashSet<>();
    private int marks;
    private long changes;
    private long repeats;

    RandomRound(long seed) throws SQLException {
        SplittableRandom first = new SplittableRandom(seed);
        random = first;
        settings = RandomSettings.of(first);
        database.run("CREATE TABLE dbo.marks (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "marks");
        for (String table : settings.tables()) {
            database.run("CREATE TABLE " + table + " (id int NOT NULL PRIMARY KEY, v nvarchar(200) NULL)");
            database.capture("dbo", table.substring("dbo.".length()));
        }
        writers = new RandomWriters(database, settings, first.split());
        windows = new WindowLimit(database, settings.mostWindowTransactions(), first.split());
    }

    RandomSettings settings() {
        return settings;
    }

    /// What it has come to so far.
    Tally tally() {
        return new Tally(
                1,
                lives.size(),
                count(life -> life.result().fulfilled()),
                count(life -> life.result().fulfilled() && !life.result().peaceful()),
                lives.stream().mapToLong(life -> life.result().lines().size()).sum(),
                changes,
                repeats,
                ofOlderInstances.size());
    }

    private long count(Predicate<Life> which) {
        return lives.stream().filter(which).count();
    }

    /// Figures, to see that a green test has done something. `fated` are runs whose fate came, `crashed` those
    /// of them that were killed or lost their output; `repeats` counts changes, `instances` older ones that
    /// were dropped.
    record Tally(
            long rounds, long runs, long fated, long crashed, long lines, long changes, long repeats, long instances) {

        static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(
                    rounds + other.rounds,
                    runs + other.runs,
                    fated + other.fated,
                    crashed + other.crashed,
                    lines + other.lines,
                    changes + other.changes,
                    repeats + other.repeats,
                    instances + other.instances);
        }
    }

    void run() throws Exception {
        try (Installed _ = Installed.in(database.standIn().orElseThrow(), windows)) {
            for (int i = 0; i < settings.runs(); i++) {
                liveAndWrite();
                changeInstances();
            }
            writers.endTransactions();
            awaitCaptured();
            ObjectNode config = settings.config(database);
            live(() -> MortalRun.untilCaughtUp(database, config, Fate.CATCH_UP));
        }
        judge();
    }

    private void liveAndWrite() throws Exception {
        int statements = random.nextInt(6) == 0 ? 0 : random.nextInt(1, 150);
        Fate fate = Fate.of(random, settings.bigTransactions());
        ObjectNode config = settings.config(database);
        if (random.nextInt(3) == 0) {
            live(() -> MortalRun.beside(() -> writers.play(statements), database, config, fate));
        } else if (settings.hasProcess() && lives.isEmpty()) {
            writers.play(statements);
            awaitCaptured();
            live(() -> MortalRun.ofKilledProcess(config, 1 + random.nextInt(20)));
        } else {
            writers.play(statements);
            if (random.nextInt(4) != 0) {
                awaitCaptured();
            }
            live(() -> MortalRun.untilCaughtUp(database, config, fate));
        }
    }

    private interface Run {
        Result run() throws Exception;
    }

    private void live(Run run) throws Exception {
        Map<String, Position> stood =
                lives.isEmpty() ? Map.of() : lives.getLast().stands();
        Result result = run.run();
        lives.add(new Life(lives.size(), result, stood, TableHistory.saved(database)));
    }

    /// All that is committed is in the change tables.
    private void awaitCaptured() throws Exception {
        marks++;
        database.run("INSERT INTO dbo.marks VALUES (" + marks + ")");
        database.awaitCaptured("dbo_marks", marks);
    }

    /// Now and then adds a column and a capture instance that has it, or drops the older instance when it is
    /// read.
    private void changeInstances() throws Exception {
        if (!settings.addsColumn()) {
            return;
        }
        for (String table : settings.tables()) {
            String name = table.substring("dbo.".length());
            if (!wide.contains(table) && random.nextInt(3) == 0) {
                writers.endTransactions();
                database.run(
                        "ALTER TABLE " + table + " ADD extra int NULL",
                        "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'" + name
                                + "', @role_name = NULL, @capture_instance = N'" + name + "_wide'");
                wide.add(table);
                writers.widen(table);
            } else if (wide.contains(table) && !ofOlderInstances.containsKey(table) && isReadUpToNewer(table)) {
                ofOlderInstances.put(table, ofOlderInstance(table));
                database.run("EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N'" + name
                        + "', @capture_instance = N'dbo_" + name + "'");
            }
        }
    }

    private boolean isReadUpToNewer(String table) throws SQLException {
        Lsn newer = startOfNewer(table);
        return Optional.ofNullable(lives.getLast().stands().get(table))
                .map(position -> position.windowStart().compareTo(newer) >= 0)
                .orElse(false);
    }

    private Lsn startOfNewer(String table) throws SQLException {
        return Lsn.of(HexFormat.of()
                .parseHex(database.ask("SELECT CONVERT(varchar(20), start_lsn, 2) FROM cdc.change_tables"
                        + " WHERE capture_instance = N'" + table.substring("dbo.".length()) + "_wide'")));
    }

    /// What comes before the newer one, where there is one.
    private List<Expected> ofOlderInstance(String table) throws SQLException {
        List<Expected> all = ExpectedChanges.read(database, table, table.replace('.', '_'), false);
        if (wide.contains(table)) {
            Lsn newer = startOfNewer(table);
            all.removeIf(change -> change.commitLsn().compareTo(newer) >= 0);
        }
        return all;
    }

    private void judge() throws SQLException {
        RandomVerdict.requireWellFormedLines(settings, lives);
        for (String table : settings.tables()) {
            List<Expected> expected = new ArrayList<>(
                    ofOlderInstances.containsKey(table) ? ofOlderInstances.get(table) : ofOlderInstance(table));
            if (wide.contains(table)) {
                expected.addAll(
                        ExpectedChanges.read(database, table, table.substring("dbo.".length()) + "_wide", true));
            }
            RandomVerdict verdict = new RandomVerdict(settings, table, expected);
            changes += expected.size();
            repeats += verdict.repeatsThoughEachRunWentOnFromItsCheckpoint(lives);
            verdict.requireReplayGives(source(table), lives);
        }
    }

    private Map<Integer, String> source(String table) throws SQLException {
        Map<Integer, String> rows = new TreeMap<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
            while (row.next()) {
                rows.put(row.getInt("id"), ExpectedChanges.values(row, wide.contains(table)));
            }
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        writers.close();
        windows.close();
        database.close();
    }
}
