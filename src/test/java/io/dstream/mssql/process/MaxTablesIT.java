package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Instances that share the tables, as processes of their own: none takes more than `max_tables`.
final class MaxTablesIT {

    private static final List<String> TABLES = List.of("dbo.t1", "dbo.t2", "dbo.t3", "dbo.t4");

    /// Many poll intervals.
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private TestDatabase database;

    @BeforeEach
    void createTables() {
        database = TestDatabase.create();
        for (String table : TABLES) {
            database.run("CREATE TABLE " + table + " (id int NOT NULL PRIMARY KEY)");
            database.capture("dbo", table.substring("dbo.".length()));
        }
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private ObjectNode config(int maxTables) {
        ObjectNode config = Configs.of(database.connectionText(), TABLES);
        config.putObject("lock_config").put("type", "sql_server").put("max_tables", maxTables);
        return config;
    }

    private void insertEverywhere(int id) {
        TABLES.forEach(table -> database.run("INSERT INTO " + table + " VALUES (" + id + ")"));
    }

    /// The tables that a process has begun to follow.
    private static Set<String> followed(IngesterProcess process) {
        return TABLES.stream()
                .filter(table -> process.stderr().stream()
                        .anyMatch(line -> line.contains("Following table table=" + table + " ")))
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    /// `dbo.t1 7`: table and `id` of each change.
    private static List<String> rows(IngesterProcess... processes) {
        return Stream.of(processes)
                .flatMap(process -> Envelopes.changes(process.stdout()).stream())
                .map(change -> change.table() + " " + change.data().path("id"))
                .toList();
    }

    private static List<String> everywhere(int... ids) {
        return IntStream.of(ids)
                .boxed()
                .flatMap(id -> TABLES.stream().map(table -> table + " " + id))
                .toList();
    }

    /// How often it said that a table waits which it has not followed since: a slot is also taken for asking, and on a
    /// busy machine that takes so long that others say that they wait.
    private static long waiting(IngesterProcess process) {
        Set<String> followed = followed(process);
        return process.stderr().stream()
                .filter(line -> line.contains("Table waits: this instance has as many as max_tables allows"))
                .filter(line -> followed.stream().noneMatch(table -> line.endsWith("table=" + table)))
                .count();
    }

    @Test
    void sharesTheTablesAndTakesOverWithinItsLimit() throws Exception {
        insertEverywhere(1);
        try (IngesterProcess one = IngesterProcess.start(config(2).toString());
                IngesterProcess two = IngesterProcess.start(config(2).toString())) {
            one.until(() -> rows(one, two).size() == TABLES.size());
            assertThat(followed(one)).hasSize(2).doesNotContainAnyElementsOf(followed(two));
            assertThat(followed(two)).hasSize(2);
            one.until(() -> waiting(one) == 2 && waiting(two) == 2);

            Set<String> left = followed(one);
            Runs.stop(one, "TERM");
            insertEverywhere(2);
            two.until(() -> rows(two).size() == 4);
            letTimePass();
            assertThat(followed(two)).hasSize(2).doesNotContainAnyElementsOf(left);
            assertThat(waiting(two)).as("said once a table").isEqualTo(2);

            try (IngesterProcess three = IngesterProcess.start(config(2).toString())) {
                three.until(() -> rows(three).size() == 2);
                assertThat(followed(three)).isEqualTo(left);
                insertEverywhere(3);
                three.until(() -> rows(two).size() == 6 && rows(three).size() == 4);

                Runs.stop(two, "TERM");
                Runs.stop(three, "TERM");
                assertThat(rows(one, two, three)).containsExactlyInAnyOrderElementsOf(everywhere(1, 2, 3));
            }
        }
    }

    @Test
    void drainsAllTablesOneAfterAnother() throws Exception {
        insertEverywhere(1);
        for (String table : TABLES) {
            database.awaitCaptured(table.replace('.', '_'), 1);
        }

        Drain drain = Drain.of(config(1));

        assertThat(drain.exitCode()).isZero();
        List<String> tables = new ArrayList<>();
        drain.changes().forEach(change -> tables.add(change.table()));
        assertThat(tables).containsExactlyInAnyOrderElementsOf(TABLES);
    }

    private static void letTimePass() throws Exception {
        long began = System.nanoTime();
        Poll.until(() -> System.nanoTime() - began > A_WHILE.toNanos(), () -> "time stands still");
    }
}
