package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A transaction that is much larger than the heap.
final class BigTransactionIT {

    private static final int ROWS = 1_000_000;
    private static final int MAX_LINE_BYTES = 60_000;
    private static final Map<String, String> SMALL_HEAP = Map.of("DSTREAM_JAVA_OPTS", "-Xmx64m");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static TestDatabase database;

    @BeforeAll
    static void commitAMillionRows() throws Exception {
        database = TestDatabase.create();
        database.run(
                "CREATE TABLE dbo.digits (n int NOT NULL)",
                "INSERT INTO dbo.digits (n) VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
                "CREATE TABLE dbo.big (id int NOT NULL)");
        database.capture("dbo", "big");
        database.run("INSERT INTO dbo.big (id)"
                + " SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n + 100000 * f.n + 1"
                + " FROM dbo.digits AS a CROSS JOIN dbo.digits AS b CROSS JOIN dbo.digits AS c"
                + " CROSS JOIN dbo.digits AS d CROSS JOIN dbo.digits AS e CROSS JOIN dbo.digits AS f");
        String highest = "SELECT COUNT(*) FROM cdc.dbo_big_CT";
        Poll.until(LIMIT, () -> database.ask(highest).equals(Integer.toString(ROWS)), () -> "captured");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @BeforeEach
    void startOver() {
        database.run("IF OBJECT_ID(N'cdc_offsets', N'U') IS NOT NULL DELETE FROM cdc_offsets");
    }

    private static ObjectNode config() {
        return Configs.of(database, "dbo.big").put("max_line_bytes", MAX_LINE_BYTES);
    }

    private static ObjectNode untilCaughtUp(String readMode) {
        return config().put("stop_when_caught_up", true).put("read_mode", readMode);
    }

    private static BitSet everyId() {
        BitSet all = new BitSet();
        all.set(1, ROWS + 1);
        return all;
    }

    /// Runs to the end of what there is.
    private static ChangeScan drain(String readMode) throws IOException, InterruptedException {
        ChangeScan scan = new ChangeScan();
        try (IngesterProcess process =
                IngesterProcess.start(untilCaughtUp(readMode).toString(), SMALL_HEAP, scan)) {
            assertThat(process.awaitExit(LIMIT)).as("%s", process.stderr()).isZero();
        }
        assertThat(scan.outOfOrder()).isEmpty();
        assertThat(scan.longestLine()).isLessThanOrEqualTo(MAX_LINE_BYTES);
        return scan;
    }

    /// `lsn/seq` as changes state them.
    private static String savedPosition() throws Exception {
        String row = "SELECT CONVERT(varchar(20), last_lsn, 2) + CONVERT(varchar(20), last_seq, 2) FROM cdc_offsets";
        byte[] bytes = HexFormat.of().parseHex(database.ask(row));
        byte[] lsn = Arrays.copyOfRange(bytes, 0, Lsn.LENGTH);
        byte[] seq = Arrays.copyOfRange(bytes, Lsn.LENGTH, bytes.length);
        return Lsn.of(lsn) + "/" + Lsn.of(seq);
    }

    @Test
    void passesThroughASmallHeapInOrderAndOnce() throws IOException, InterruptedException {
        ChangeScan scan = drain("function");

        assertThat(scan.changes()).isEqualTo(ROWS);
        assertThat(scan.ids()).isEqualTo(everyId());
    }

    @Test
    void stoppedInTheMiddleItGoesOnThereWithNothingMissingAndNothingRepeated() throws Exception {
        ChangeScan first = new ChangeScan(500);
        try (IngesterProcess process = IngesterProcess.start(config().toString(), SMALL_HEAP, first)) {
            process.until(() -> first.lines() >= 500);
            process.signal("TERM");
            first.goOn();
            assertThat(process.awaitExit(LIMIT)).as("%s", process.stderr()).isZero();
        }
        assertThat(first.changes()).isLessThan(ROWS);
        assertThat(first.outOfOrder()).isEmpty();

        ChangeScan second = drain("function");

        assertThat(first.changes() + second.changes()).isEqualTo(ROWS);
        assertThat(second.firstPosition()).isGreaterThan(first.lastPosition());
        assertThat(together(first, second)).isEqualTo(everyId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void killedInTheMiddleItRepeatsOnlyWhatCameAfterTheCheckpoint(String readMode) throws Exception {
        ChangeScan first = new ChangeScan(2000);
        ObjectNode config = config().put("checkpoint_interval", "10ms").put("read_mode", readMode);
        try (IngesterProcess process = IngesterProcess.start(config.toString(), SMALL_HEAP, first)) {
            process.until(() -> first.lines() >= 2000);
            process.signal("KILL");
            first.goOn();
            process.awaitExit(LIMIT);
        }
        String saved = savedPosition();
        assertThat(saved).isLessThanOrEqualTo(first.lastPosition());

        ChangeScan second = drain(readMode);

        assertThat(second.firstPosition()).isGreaterThan(saved);
        assertThat(together(first, second)).isEqualTo(everyId());
    }

    private static BitSet together(ChangeScan first, ChangeScan second) {
        BitSet union = (BitSet) first.ids().clone();
        union.or(second.ids());
        return union;
    }
}
