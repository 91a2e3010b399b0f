package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.cdc.ChangeCapture;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Idle tables beside busy ones: every transaction of the database passes them.
final class BusyDatabaseIT {

    private static final int TABLES = 50;
    private static final int TRANSACTIONS_OF_OTHERS = 30_000;

    @Test
    void manyTablesPassTheTransactionsOfOthersInASmallHeap() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            assumeTrue(database.standIn().isPresent(), "writes to the stand-in's log");
            List<String> tables =
                    IntStream.range(0, TABLES).mapToObj(i -> "dbo.t" + i).toList();
            for (String table : tables) {
                database.run("CREATE TABLE " + table + " (id int NOT NULL PRIMARY KEY)");
                database.capture("dbo", table.substring("dbo.".length()));
            }
            database.run("INSERT INTO dbo.t7 VALUES (1)");
            ChangeCapture capture = database.standIn().orElseThrow().engine().capture(database.name());
            Lsn last = Lsn.ZERO;
            for (int i = 0; i < TRANSACTIONS_OF_OTHERS; i++) {
                last = capture.appendEmpty(Optional.empty());
            }
            Optional<Lsn> end = Optional.of(last);
            Poll.until(() -> capture.maxLsn().equals(end), () -> "captured");

            ObjectNode config = Configs.of(database.connectionText(), tables).put("stop_when_caught_up", true);
            try (IngesterProcess process =
                    IngesterProcess.start(config.toString(), Map.of("DSTREAM_JAVA_OPTS", "-Xmx40m"), true)) {
                assertThat(process.awaitExit(Duration.ofMinutes(2)))
                        .as("%s", process.stderr())
                        .isZero();
                assertThat(process.stdout()).hasSize(1);
                assertThat(database.ask("SELECT COUNT(DISTINCT last_lsn) FROM cdc_offsets"))
                        .isEqualTo("1");
            }
        }
    }
}
