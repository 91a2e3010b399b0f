package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.CapturedColumn;
import io.dstream.mssql.cdc.CapturedColumn.SqlType;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Operation;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.OutputConfig;
import io.dstream.mssql.config.OutputConfig.OutputFormat;
import io.dstream.mssql.config.OutputConfig.OversizeChange;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.OutputLost;
import io.dstream.mssql.testing.Envelopes;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `output_format: change`, byte by byte.
final class ChangeShapeTest {

    private static final Optional<Instant> TIME = Optional.of(Instant.parse("2025-09-28T20:00:00Z"));
    private static final CapturedColumn ID = TableLines.ID;
    private static final CapturedColumn NAME = TableLines.text("name", 2);
    private static final Lsn LSN = new Lsn(0x0000002c_00000a70L, 3);
    private static final Lsn SEQ = new Lsn(0x0000002c_00000a70L, 2);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private interface Writes {
        void to(LineWriter writer) throws Failure, InterruptedException, SQLException;
    }

    private String written(TableName table, OptionalLong epoch, Optional<Gap> gap, Writes changes)
            throws Failure, InterruptedException, SQLException {
        StdoutWriter stdout = StdoutWriter.start(out, () -> {});
        LineWriter writer = new LineWriter(
                stdout.guardedBy(() -> true, table.toString()),
                new LineBuffers(),
                new OutputConfig(OutputFormat.CHANGE, 60_000, OversizeChange.FAIL, false),
                new LineHeader(table, "localhost", "Shop", epoch),
                new CaptureInstance(table, "dbo_customers", 1, List.of(ID, NAME)));
        writer.begin("5s", gap);
        changes.to(writer);
        writer.flush();
        stdout.close(Duration.ofSeconds(10));
        return out.toString(UTF_8);
    }

    private static String metadata(int id, String type, String lsn, String seq, String rest) {
        return "\"metadata\":{\"TableName\":\"Customers\",\"LSN\":\"" + lsn + "\",\"Seq\":\"" + seq
                + "\",\"OperationID\":" + id + ",\"OperationType\":\"" + type
                + "\",\"Schema\":\"dbo\",\"Table\":\"Customers\"," + rest + "}}\n";
    }

    @Test
    void writesTheNamesAndFormsThatOutputProvidersKnow() throws Failure, InterruptedException, SQLException {
        String rest = "\"CommitTime\":\"2025-09-28T20:00:00Z\",\"Server\":\"localhost\",\"Database\":\"Shop\","
                + "\"CaptureInstance\":\"dbo_customers\"";

        String lines = written(new TableName("dbo", "Customers"), OptionalLong.empty(), Optional.empty(), writer -> {
            FakeChange.of(FakeRow.of(1, "A & B"), Operation.INSERT, LSN, SEQ, TIME)
                    .addTo(writer);
            FakeChange.of(FakeRow.of(1, "é€\uD83D\uDE00\n"), Operation.UPDATE_AFTER, LSN, LSN, TIME)
                    .addTo(writer);
            FakeChange.of(FakeRow.of(1, null), Operation.DELETE, new Lsn(-1, 0xFFFF), SEQ, TIME)
                    .addTo(writer);
        });

        assertThat(lines)
                .isEqualTo("{\"data\":{\"id\":1,\"name\":\"A & B\"},"
                        + metadata(2, "Insert", "0000002c00000a700003", "0000002c00000a700002", rest)
                        + "{\"data\":{\"id\":1,\"name\":\"é€\uD83D\uDE00\\n\"},"
                        + metadata(4, "Update", "0000002c00000a700003", "0000002c00000a700003", rest)
                        + "{\"data\":{\"id\":1,\"name\":null},"
                        + metadata(1, "Delete", "ffffffffffffffffffff", "0000002c00000a700002", rest));
    }

    @Test
    void carriesWhatTheMetadataOfAnEnvelopeDo() throws Failure, InterruptedException, SQLException {
        Gap gap = new Gap(new Position(new Lsn(1, 1), new Lsn(1, 1)), new Lsn(2, 2));

        String line = written(new TableName("dbo", "Customers"), OptionalLong.of(7), Optional.of(gap), writer -> {
            FakeChange.before(LSN, SEQ, "02", 1, null).addTo(writer);
            FakeChange.of(FakeRow.of(1, "x"), Operation.UPDATE_AFTER, LSN, SEQ, Optional.empty())
                    .addTo(writer);
        });

        assertThat(line)
                .isEqualTo("{\"data\":{\"id\":1,\"name\":\"x\"},\"before\":{\"id\":1,\"name\":null},"
                        + metadata(
                                4,
                                "Update",
                                "0000002c00000a700003",
                                "0000002c00000a700002",
                                "\"CommitTime\":null,\"Server\":\"localhost\",\"Database\":\"Shop\","
                                        + "\"CaptureInstance\":\"dbo_customers\",\"Epoch\":7,"
                                        + "\"Gap\":{\"AfterLSN\":\"00000000000000010001\","
                                        + "\"ResumedAtLSN\":\"00000000000000020002\"}"));
    }

    @Test
    void namesWhatWasNotCaptured() throws Failure, InterruptedException, SQLException {
        try (TableLines lines = new TableLines(
                OutputFormat.CHANGE,
                60_000,
                OversizeChange.FAIL,
                ID,
                new CapturedColumn("sum", 2, new SqlType("int", 4, 10, 0), true),
                new CapturedColumn("memo", 3, new SqlType("ntext", 16, 0, 0), false))) {
            List<Object> old = new ArrayList<>(List.of(1, 2));
            old.add(null);
            lines.update(1, old, List.of(1, 2, "new"));
            lines.flush();

            JsonNode metadata = lines.changes().getFirst().path("metadata");
            assertThat(lines.changes().getFirst().path("data")).hasToString("{\"id\":1,\"memo\":\"new\"}");
            assertThat(metadata.path("UnavailableColumns")).hasToString("[\"sum\"]");
            assertThat(metadata.path("BeforeUnavailableColumns")).hasToString("[\"sum\",\"memo\"]");
        }
    }

    @ParameterizedTest
    @CsvSource({"dbo, Orders, Orders", "sales, Orders, sales.Orders", "DBO, Orders, DBO.Orders"})
    void tablesOfOneNameInTwoSchemasAreRoutedApart(String schema, String table, String routedBy)
            throws Failure, InterruptedException, SQLException {
        String line = written(
                new TableName(schema, table),
                OptionalLong.empty(),
                Optional.empty(),
                writer -> FakeChange.of(FakeRow.of(1, "x"), Operation.INSERT, LSN, SEQ, Optional.empty())
                        .addTo(writer));

        JsonNode metadata = Envelopes.parse(line).path("metadata");
        assertThat(metadata.path("TableName").asText()).isEqualTo(routedBy);
        assertThat(metadata.path("Schema").asText()).isEqualTo(schema);
        assertThat(metadata.path("Table").asText()).isEqualTo(table);
    }

    @Test
    void manyLinesShareOneWrite() throws Failure, InterruptedException, SQLException {
        RecordedWrites pipe = new RecordedWrites(out);
        StdoutWriter stdout = StdoutWriter.start(pipe, () -> {});
        TableName table = new TableName("dbo", "t");
        LineWriter writer = new LineWriter(
                stdout.guardedBy(() -> true, "dbo.t"),
                new LineBuffers(),
                new OutputConfig(OutputFormat.CHANGE, 65_535, OversizeChange.FAIL, false),
                new LineHeader(table, "localhost", "Shop", OptionalLong.empty()),
                new CaptureInstance(table, "dbo_t", 1, List.of(ID, NAME)));
        writer.begin("5s", Optional.empty());
        for (int i = 0; i < 1_000; i++) {
            FakeChange.of(FakeRow.of(i, "x"), Operation.INSERT, LSN, SEQ, TIME).addTo(writer);
        }
        writer.flush();
        stdout.close(Duration.ofSeconds(10));

        assertThat(out.toString(UTF_8).lines()).hasSize(1_000);
        assertThat(pipe.lengths()).hasSizeLessThan(3);
    }

    @Test
    void aBlockThatBreaksHalfwayProvesNothingOfItself() throws Failure, InterruptedException, SQLException {
        FailingOutput pipe = new FailingOutput(1_000);
        StdoutWriter stdout = StdoutWriter.start(pipe, () -> {});
        TableName table = new TableName("dbo", "t");
        LineWriter writer = new LineWriter(
                stdout.guardedBy(() -> true, "dbo.t"),
                new LineBuffers(),
                new OutputConfig(OutputFormat.CHANGE, 65_535, OversizeChange.FAIL, false),
                new LineHeader(table, "localhost", "Shop", OptionalLong.empty()),
                new CaptureInstance(table, "dbo_t", 1, List.of(ID)));
        writer.begin("5s", Optional.empty());
        for (int i = 1; i <= 9; i++) {
            FakeChange.of(FakeRow.of(i), Operation.INSERT, TableLines.lsn(i), TableLines.lsn(i), TIME)
                    .addTo(writer);
        }

        assertThatExceptionOfType(OutputLost.class).isThrownBy(writer::flush);
        assertThat(new String(pipe.taken(), UTF_8)).contains("\n");
        assertThat(writer.flushedPosition()).isEmpty();
    }
}
