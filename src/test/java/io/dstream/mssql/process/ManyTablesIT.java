package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// More busy tables than reading connections.
final class ManyTablesIT {

    private static final int TABLES = 50;
    private static final int WRITERS = 4;
    private static final int CHANGES_OF_A_TABLE = 40;

    /// Eight to read, four for short statements, one for locks.
    private static final int MOST_CONNECTIONS = 13;

    @Test
    void everyTableGetsItsTurnAndItsOrder() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            createTables(database);
            int sessionsBefore = sessions(database);
            try (IngesterProcess process = IngesterProcess.start(
                            Configs.of(database.connectionText(), tables()).toString());
                    ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> writing = IntStream.range(0, WRITERS)
                        .<Future<?>>mapToObj(writer -> writers.submit(() -> write(database, writer)))
                        .toList();
                int[] mostSessions = {0};
                process.until(() -> {
                    mostSessions[0] = Math.max(mostSessions[0], sessions(database));
                    return changeCount(process) >= TABLES * CHANGES_OF_A_TABLE;
                });
                for (Future<?> writer : writing) {
                    writer.get();
                }
                process.signal("TERM");
                assertThat(process.awaitExit(Duration.ofSeconds(20))).isZero();

                assertThat(mostSessions[0] - sessionsBefore - WRITERS).isLessThanOrEqualTo(MOST_CONNECTIONS);
                assertThat(idsByTable(process.stdout()))
                        .hasSize(TABLES)
                        .allSatisfy((table, ids) -> assertThat(ids)
                                .as(table)
                                .isEqualTo(IntStream.range(0, CHANGES_OF_A_TABLE)
                                        .boxed()
                                        .toList()));
            }
        }
    }

    private static List<String> tables() {
        return IntStream.range(0, TABLES).mapToObj(i -> "dbo.t" + i).toList();
    }

    private static void createTables(TestDatabase database) {
        for (String table : tables()) {
            database.run("CREATE TABLE " + table + " (id int NOT NULL PRIMARY KEY, writer int NOT NULL)");
            database.capture("dbo", table.substring("dbo.".length()));
        }
    }

    /// Each writer has tables of its own, so that the order of their changes is known; a transaction changes several.
    private static int write(TestDatabase database, int writer) throws Exception {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            for (int id = 0; id < CHANGES_OF_A_TABLE; id++) {
                for (int table = writer; table < TABLES; table += WRITERS) {
                    insert(connection, table, id, writer);
                    if (table % 3 == 0) {
                        connection.commit();
                    }
                }
                connection.commit();
            }
        }
        return writer;
    }

    private static void insert(Connection connection, int table, int id, int writer) throws Exception {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO dbo.t" + table + " (id, writer) VALUES (?, ?)")) {
            insert.setInt(1, id);
            insert.setInt(2, writer);
            insert.executeUpdate();
        }
    }

    private static int sessions(TestDatabase database) {
        return database.standIn()
                .map(server -> server.engine().sessionIds().size())
                .orElse(0);
    }

    private static int changeCount(IngesterProcess process) {
        return process.stdout().stream()
                .mapToInt(line -> Envelopes.parse(line).path("changes").size())
                .sum();
    }

    private static Map<String, List<Integer>> idsByTable(List<String> lines) {
        return Envelopes.changes(new ArrayList<>(lines)).stream()
                .collect(Collectors.groupingBy(
                        ChangeLine::table,
                        Collectors.mapping(change -> change.data().path("id").asInt(), Collectors.toList())));
    }
}
