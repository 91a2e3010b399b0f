package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import io.dstream.mssql.failure.PermanentFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Updates with the values they replaced: two rows, one change.
final class BeforeImagesTest {

    private static final ObjectMapper JACKSON = new ObjectMapper();
    private static final TableName TABLE = new TableName("dbo", "customers");
    private static final Optional<Instant> TIME = Optional.of(Instant.parse("2025-09-28T20:00:00Z"));
    private static final CapturedColumn ID = column("id", 1, "int", 4, false);
    private static final CapturedColumn NAME = column("name", 2, "nvarchar", 200, false);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StdoutWriter stdout = StdoutWriter.start(out, () -> {});

    @AfterEach
    void close() throws InterruptedException {
        stdout.close(Duration.ofSeconds(10));
    }

    @Test
    void anUpdateCarriesItsOldValuesBehindTheNewOnes() throws Failure, InterruptedException, SQLException {
        LineWriter writer = writer(60_000, ID, NAME);
        writer.begin("5s", Optional.empty());
        update(writer, 1, "old", "new");
        writer.flush();

        assertThat(out.toString(UTF_8))
                .contains("\"changes\":[{\"table_name\":\"dbo.customers\",\"change_type\":\"update\","
                        + "\"data\":{\"id\":1,\"name\":\"new\"},\"before\":{\"id\":1,\"name\":\"old\"},"
                        + "\"timestamp\":\"2025-09-28T20:00:00Z\",\"lsn\":\"00000000:00000001:0000\","
                        + "\"seq\":\"00000000:00000001:0000\"}],"
                        + "\"metadata\":{\"batch_size\":1,");
    }

    @Test
    void otherChangesHaveNoOldValues() throws Failure, IOException, InterruptedException, SQLException {
        LineWriter writer = writer(60_000, ID, NAME);
        writer.begin("5s", Optional.empty());
        update(writer, 1, "old", "new");
        add(writer, Operation.DELETE, 2, 1, "new");
        add(writer, Operation.INSERT, 3, 2, "x");
        update(writer, 4, "x", "y");
        writer.flush();

        JsonNode changes = JACKSON.readTree(out.toByteArray()).path("changes");
        assertThat(changes).extracting(change -> change.has("before")).containsExactly(true, false, false, true);
        assertThat(changes.at("/3/before/name").asText()).isEqualTo("x");
        assertThat(JACKSON.readTree(out.toByteArray())
                        .at("/metadata/batch_size")
                        .asInt())
                .isEqualTo(4);
    }

    @Test
    void namesWhatCdcDidNotKeepOfTheOldRow() throws Failure, IOException, InterruptedException, SQLException {
        LineWriter writer = writer(
                60_000,
                ID,
                column("sum", 2, "int", 4, true),
                column("memo", 3, "ntext", 16, false),
                column("body", 4, "nvarchar", -1, false),
                column("doc", 5, "xml", -1, false),
                column("note", 6, "varchar", 10, false));
        writer.begin("5s", Optional.empty());
        // Both (max) columns NULL: the first update changed `body`, the second neither.
        FakeChange.before(lsn(1), lsn(1), "0008", 1, null, null, null, null, null)
                .addTo(writer);
        add(writer, Operation.UPDATE_AFTER, 1, 1, null, "m", "b", null, null);
        FakeChange.before(lsn(2), lsn(2), "20", 1, null, null, null, null, "n").addTo(writer);
        add(writer, Operation.UPDATE_AFTER, 2, 1, null, null, "b", "<a/>", null);
        // No mask at all: nothing is known to have changed. A value that is there is there.
        FakeChange.before(lsn(3), lsn(3), "", 1, null, "old", "old", null, null).addTo(writer);
        add(writer, Operation.UPDATE_AFTER, 3, 1, null, null, null, null, null);
        writer.flush();

        JsonNode changes = JACKSON.readTree(out.toByteArray()).path("changes");
        assertThat(changes.at("/0/before")).hasToString("{\"id\":1,\"body\":null,\"note\":null}");
        assertThat(changes.at("/0/before_unavailable_columns")).hasToString("[\"sum\",\"memo\",\"doc\"]");
        assertThat(changes.at("/0/data"))
                .hasToString("{\"id\":1,\"memo\":\"m\",\"body\":\"b\",\"doc\":null,\"note\":null}");
        assertThat(changes.at("/0/unavailable_columns")).hasToString("[\"sum\"]");
        assertThat(changes.at("/1/before")).hasToString("{\"id\":1,\"note\":\"n\"}");
        assertThat(changes.at("/1/before_unavailable_columns")).hasToString("[\"sum\",\"memo\",\"body\",\"doc\"]");
        assertThat(changes.at("/2/before")).hasToString("{\"id\":1,\"memo\":\"old\",\"body\":\"old\",\"note\":null}");
        assertThat(changes.at("/2/before_unavailable_columns")).hasToString("[\"sum\",\"doc\"]");
    }

    @Test
    void findsTheBitOfEveryColumnFromTheMasksLastByte()
            throws Failure, IOException, InterruptedException, SQLException {
        List<CapturedColumn> columns = new ArrayList<>();
        for (int i = 1; i <= 17; i++) {
            columns.add(column("c" + i, i, "varbinary", -1, false));
        }
        LineWriter writer = writer(60_000, columns.toArray(CapturedColumn[]::new));
        writer.begin("5s", Optional.empty());
        FakeChange.before(lsn(1), lsn(1), "010181", new Object[17]).addTo(writer);
        FakeChange.of(FakeRow.of(new Object[17]), Operation.UPDATE_AFTER, lsn(1), lsn(1), Optional.empty())
                .addTo(writer);
        writer.flush();

        assertThat(JACKSON.readTree(out.toByteArray()).at("/changes/0/before").fieldNames())
                .toIterable()
                .containsExactly("c1", "c8", "c9", "c17");
    }

    @Test
    void aLineEndsExactlyAtTheLimitAndNeverBetweenTheTwo() throws Failure, InterruptedException, SQLException {
        threeUpdates(0);
        int whole = out.size() - 1;

        threeUpdates(whole);
        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line.getBytes(UTF_8)).hasSize(whole));

        threeUpdates(whole - 1);
        assertThat(lines()).hasSize(2).allSatisfy(line -> {
            assertThat(line.getBytes(UTF_8)).hasSizeLessThan(whole);
            assertThat(line.split("\"before\":", -1)).hasSameSizeAs(line.split("\"data\":", -1));
        });
    }

    private void threeUpdates(int limit) throws Failure, InterruptedException, SQLException {
        out.reset();
        LineWriter writer = writer(limit, ID, NAME);
        writer.begin("5s", Optional.empty());
        for (int i = 1; i <= 3; i++) {
            update(writer, i, "äöü€", "\uD83D\uDE00");
        }
        writer.flush();
    }

    @Test
    void theLimitIsForBothImagesTogether() throws Failure, InterruptedException, SQLException {
        LineWriter writer = writer(600, ID, NAME);
        writer.begin("5s", Optional.empty());
        update(writer, 1, "a", "b");
        update(writer, 2, "x".repeat(200), "y");

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> update(writer, 3, "x".repeat(200), "y".repeat(200)))
                .withMessageContainingAll("dbo.customers", lsn(3).toString(), "max_line_bytes");
        writer.flush();
        assertThat(String.join("", lines())).contains("\"b\"", "\"y\"").doesNotContain("yy");

        out.reset();
        writer.begin("5s", Optional.empty());
        add(writer, Operation.UPDATE_AFTER, 4, 1, "z");
        writer.flush();
        assertThat(lines()).singleElement().asString().doesNotContain("before");
    }

    @Test
    void theImageBeforeAloneIsNoPlaceForACheckpoint() throws Failure, InterruptedException, SQLException {
        LineWriter writer = writer(60_000, ID, NAME);
        writer.begin("5s", Optional.empty());
        update(writer, 1, "a", "b");
        update(writer, 2, "b", "c");
        FakeChange.before(lsn(3), lsn(3), "02", 1, "c").addTo(writer);
        writer.flush();

        assertThat(writer.flushedPosition()).contains(new Position(lsn(1), OptionalInt.empty(), lsn(1)));
    }

    private static void update(LineWriter writer, int number, String before, String after)
            throws Failure, InterruptedException, SQLException {
        FakeChange.before(lsn(number), lsn(number), "02", 1, before).addTo(writer);
        add(writer, Operation.UPDATE_AFTER, number, 1, after);
    }

    private static void add(LineWriter writer, Operation operation, int number, @Nullable Object... values)
            throws Failure, InterruptedException, SQLException {
        FakeChange.of(FakeRow.of(values), operation, lsn(number), lsn(number), TIME)
                .addTo(writer);
    }

    private LineWriter writer(int limit, CapturedColumn... columns) throws PermanentFailure {
        return new LineWriter(
                stdout.guardedBy(() -> true, TABLE.toString()),
                new LineBuffers(),
                new OutputConfig(OutputFormat.ENVELOPE, limit, OversizeChange.FAIL, false),
                new LineHeader(TABLE, "localhost", "Shop", OptionalLong.empty()),
                new CaptureInstance(TABLE, "dbo_customers", 1, List.of(columns)));
    }

    private List<String> lines() {
        return out.toString(UTF_8).lines().toList();
    }

    private static CapturedColumn column(String name, int ordinal, String type, int length, boolean computed) {
        return new CapturedColumn(name, ordinal, new SqlType(type, length, 0, 0), computed);
    }

    private static Lsn lsn(int number) {
        return new Lsn(number, 0);
    }
}
