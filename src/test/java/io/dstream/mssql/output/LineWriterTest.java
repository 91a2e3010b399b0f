package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.OutputLost;
import io.dstream.mssql.failure.PermanentFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class LineWriterTest {

    private static final ObjectMapper JACKSON = new ObjectMapper();
    private static final TableName TABLE = new TableName("dbo", "customers");
    private static final Optional<Instant> TIME = Optional.of(Instant.parse("2025-09-28T20:00:00Z"));
    private static final CapturedColumn ID = new CapturedColumn("id", 1, new SqlType("int", 4, 10, 0), false);
    private static final CapturedColumn NAME = new CapturedColumn("name", 2, new SqlType("nvarchar", 200, 0, 0), false);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<StdoutWriter> started = new ArrayList<>();
    private final AtomicBoolean held = new AtomicBoolean(true);

    /// Of what is written by [#writer].
    private OutputFormat format = OutputFormat.ENVELOPE;

    /// Each block is written by itself.
    private LineBuffers buffers = new LineBuffers(0);

    @AfterEach
    void close() throws InterruptedException {
        for (StdoutWriter writer : started) {
            writer.close(Duration.ofSeconds(10));
        }
    }

    @Test
    void writesTheEnvelopeOfTheContract() throws Failure, InterruptedException, SQLException {
        LineWriter writer = writer(out, 60_000, OptionalLong.empty(), ID, NAME);
        writer.begin("5s", Optional.empty());
        add(
                writer,
                FakeRow.of(123, "John Doe"),
                Operation.INSERT,
                new Lsn(0x20_00000100L, 1),
                new Lsn(0x20_00000100L, 2),
                TIME);
        writer.flush();

        assertThat(out.toString(UTF_8))
                .isEqualTo("{\"table_name\":\"dbo.customers\",\"server_name\":\"localhost\","
                        + "\"changes\":[{\"table_name\":\"dbo.customers\",\"change_type\":\"insert\","
                        + "\"data\":{\"id\":123,\"name\":\"John Doe\"},"
                        + "\"timestamp\":\"2025-09-28T20:00:00Z\",\"lsn\":\"00000020:00000100:0001\","
                        + "\"seq\":\"00000020:00000100:0002\"}],"
                        + "\"metadata\":{\"batch_size\":1,\"poll_interval\":\"5s\","
                        + "\"capture_instance\":\"dbo_customers\"}}\n");
    }

    @Test
    void writesEpochUnknownTimeAndEveryOperation() throws Failure, IOException, InterruptedException, SQLException {
        LineWriter writer = writer(out, 60_000, OptionalLong.of(7), ID);
        writer.begin("1m30s", Optional.empty());
        for (Operation operation : List.of(Operation.DELETE, Operation.INSERT, Operation.UPDATE_AFTER)) {
            add(writer, FakeRow.of(1), operation, lsn(1), lsn(operation.number()), Optional.empty());
        }
        writer.flush();

        JsonNode envelope = JACKSON.readTree(out.toByteArray());
        assertThat(envelope.at("/changes").findValuesAsText("change_type"))
                .containsExactly("delete", "insert", "update");
        assertThat(envelope.at("/changes/0/timestamp").isNull()).isTrue();
        assertThat(envelope.at("/metadata/batch_size").asInt()).isEqualTo(3);
        assertThat(envelope.at("/metadata/epoch").asLong()).isEqualTo(7);
        assertThat(envelope.at("/metadata/poll_interval").asText()).isEqualTo("1m30s");
    }

    @Test
    void namesWhatWasNotCapturedInsteadOfCallingItNull()
            throws Failure, IOException, InterruptedException, SQLException {
        CapturedColumn sum = new CapturedColumn("sum", 1, new SqlType("int", 4, 10, 0), true);
        CapturedColumn memo = new CapturedColumn("memo \"x\"", 2, new SqlType("ntext", 16, 0, 0), false);
        LineWriter writer = writer(out, 60_000, OptionalLong.empty(), sum, memo, ID);
        writer.begin("5s", Optional.empty());
        add(writer, FakeRow.of(null, null, 1), Operation.DELETE, lsn(1), lsn(1), TIME);
        add(writer, FakeRow.of(null, null, null), Operation.INSERT, lsn(1), lsn(2), TIME);
        writer.flush();

        JsonNode changes = JACKSON.readTree(out.toByteArray()).at("/changes");
        assertThat(changes.at("/0/data")).hasToString("{\"id\":1}");
        assertThat(changes.at("/0/unavailable_columns")).hasToString("[\"sum\",\"memo \\\"x\\\"\"]");
        assertThat(changes.at("/1/data")).hasToString("{\"memo \\\"x\\\"\":null,\"id\":null}");
        assertThat(changes.at("/1/unavailable_columns")).hasToString("[\"sum\"]");
    }

    @Test
    void keepsValuesOfADroppedColumnAndNamesItWhereItIsNull()
            throws Failure, IOException, InterruptedException, SQLException {
        CapturedColumn gone = new CapturedColumn("gone", 2, new SqlType("int", 4, 10, 0), false, true);
        LineWriter writer = writer(out, 60_000, OptionalLong.empty(), ID, gone);
        writer.begin("5s", Optional.empty());
        add(writer, FakeRow.of(1, 7), Operation.INSERT, lsn(1), lsn(1), TIME);
        add(writer, FakeRow.of(null, null), Operation.INSERT, lsn(1), lsn(2), TIME);
        writer.flush();

        JsonNode changes = JACKSON.readTree(out.toByteArray()).at("/changes");
        assertThat(changes.at("/0/data")).hasToString("{\"id\":1,\"gone\":7}");
        assertThat(changes.at("/0").has("unavailable_columns")).isFalse();
        assertThat(changes.at("/1/data")).hasToString("{\"id\":null}");
        assertThat(changes.at("/1/unavailable_columns")).hasToString("[\"gone\"]");
    }

    @Test
    void closesALineExactlyAtTheLimit() throws Failure, InterruptedException, SQLException {
        writeThree(0);
        int whole = out.size() - 1;
        out.reset();

        writeThree(whole);
        assertThat(lines(out))
                .singleElement()
                .satisfies(line -> assertThat(line.getBytes(UTF_8)).hasSize(whole));
        out.reset();

        writeThree(whole - 1);
        assertThat(lines(out)).hasSize(2);
    }

    private void writeThree(int limit) throws Failure, InterruptedException, SQLException {
        LineWriter writer = writer(out, limit, OptionalLong.empty(), ID, NAME);
        writer.begin("5s", Optional.empty());
        for (int i = 0; i < 3; i++) {
            add(writer, FakeRow.of(i, "äöü"), Operation.INSERT, lsn(1), lsn(i), TIME);
        }
        writer.flush();
    }

    @ParameterizedTest
    @EnumSource
    void keepsEveryChangeInOrderWithinAnyLimit(OutputFormat format)
            throws Failure, InterruptedException, IOException, SQLException {
        this.format = format;
        long seed = System.nanoTime();
        RandomGenerator random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            out.reset();
            buffers = new LineBuffers(random.nextInt(9_000));
            int limit = 500 + random.nextInt(3_000);
            int count = random.nextInt(60);
            LineWriter writer = writer(out, limit, OptionalLong.of(1), ID, NAME);
            writer.begin("5s", Optional.empty());
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add("ä".repeat(random.nextInt(80)));
                add(writer, FakeRow.of(i, names.get(i)), Operation.INSERT, lsn(1), lsn(i), TIME);
            }
            writer.flush();

            List<String> read = new ArrayList<>();
            for (String line : lines(out)) {
                assertThat(line.getBytes(UTF_8).length).as("seed %d", seed).isLessThanOrEqualTo(limit);
                List<JsonNode> changes = TableLines.changes(format, List.of(line));
                if (format == OutputFormat.ENVELOPE) {
                    assertThat(changes)
                            .hasSize(JACKSON.readTree(line)
                                    .at("/metadata/batch_size")
                                    .asInt());
                }
                changes.forEach(change -> read.add(change.at("/data/name").asText()));
            }
            assertThat(read).as("seed %d", seed).isEqualTo(names);
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalLinesGoOutTogetherAndTheBytesOfAWindowAreCounted(OutputFormat format)
            throws Failure, InterruptedException, SQLException {
        this.format = format;
        buffers = new LineBuffers(10_000);
        RecordedWrites pipe = new RecordedWrites(out);
        LineWriter writer = writer(pipe, 1_000, OptionalLong.empty(), ID, NAME);
        for (int window = 1; window <= 2; window++) {
            int before = out.size();
            writer.begin("5s", Optional.empty());
            for (int i = 0; i < 200; i++) {
                add(writer, FakeRow.of(i, "x".repeat(100)), Operation.INSERT, lsn(1), lsn(i), TIME);
            }
            writer.flush();
            assertThat(writer.windowBytes()).isEqualTo(out.size() - before);
        }

        assertThat(TableLines.changes(format, lines(out))).hasSize(400);
        assertThat(lines(out)).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(1_000));
        // Only the last write of a window leaves room for one line more.
        assertThat(pipe.lengths()).filteredOn(bytes -> bytes < 9_000).hasSizeLessThanOrEqualTo(2);
        assertThat(pipe.lengths()).allSatisfy(bytes -> assertThat(bytes).isLessThan(10_500));
    }

    @Test
    void closesLinesAtAMebibyteWhereThereIsNoLimit() throws Failure, InterruptedException, SQLException {
        LineWriter writer = writer(out, 0, OptionalLong.empty(), ID, NAME);
        writer.begin("5s", Optional.empty());
        add(writer, FakeRow.of(0, "x".repeat(3_000_000)), Operation.INSERT, lsn(1), lsn(0), TIME);
        for (int i = 1; i < 30; i++) {
            add(writer, FakeRow.of(i, "x".repeat(100_000)), Operation.INSERT, lsn(1), lsn(i), TIME);
        }
        writer.flush();

        List<String> lines = lines(out);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0).length()).isGreaterThan(3_000_000);
        assertThat(lines.subList(1, 4))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(1024 * 1024));
    }

    @ParameterizedTest
    @CsvSource({"ENVELOPE, 0", "ENVELOPE, 9000", "CHANGE, 0", "CHANGE, 9000"})
    void refusesAChangeNoLineCanHoldAndWritesThoseBeforeIt(OutputFormat format, int bufferBytes)
            throws Failure, IOException, InterruptedException, SQLException {
        this.format = format;
        buffers = new LineBuffers(bufferBytes);
        LineWriter writer = writer(out, 400, OptionalLong.empty(), ID, NAME);
        writer.begin("5s", Optional.empty());
        add(writer, FakeRow.of(0, "before"), Operation.INSERT, lsn(0), lsn(1), TIME);
        add(writer, FakeRow.of(1, "fits"), Operation.INSERT, lsn(1), lsn(1), TIME);

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> add(writer, FakeRow.of(2, "x".repeat(400)), Operation.INSERT, lsn(2), lsn(3), TIME))
                .withMessageContainingAll(
                        "dbo.customers",
                        lsn(2).toString(),
                        lsn(3).toString(),
                        "max_line_bytes",
                        "400",
                        "oversize_change");
        writer.flush();

        assertThat(lines(out)).hasSize(2);
        assertThat(TableLines.changes(format, lines(out)))
                .extracting(change -> change.at("/data/name").asText())
                .containsExactly("before", "fits");
        assertThat(writer.flushedPosition()).contains(new Position(lsn(1), lsn(1)));
    }

    @ParameterizedTest
    @EnumSource
    void neverAnswersAPositionInsideAPair(OutputFormat format) throws Failure, InterruptedException, SQLException {
        this.format = format;
        LineWriter writer = writer(out, 450, OptionalLong.empty(), ID, NAME);
        writer.begin("5s", Optional.empty());
        String half = "x".repeat(100);
        add(writer, FakeRow.of(1, half), Operation.INSERT, lsn(1), lsn(1), TIME);
        add(writer, FakeRow.of(1, half), Operation.DELETE, lsn(2), lsn(2), TIME);
        add(writer, FakeRow.of(2, half), Operation.INSERT, lsn(2), lsn(2), TIME);
        writer.flush();
        assertThat(lines(out)).hasSize(3);
        assertThat(writer.flushedPosition()).contains(new Position(lsn(1), lsn(1)));

        add(writer, FakeRow.of(3, half), Operation.INSERT, lsn(3), lsn(3), TIME);
        writer.flush();
        assertThat(writer.flushedPosition()).contains(new Position(lsn(2), lsn(2)));
    }

    @Test
    void beginsEachWindowWithoutAPosition() throws Failure, InterruptedException, SQLException {
        LineWriter writer = writer(out, 400, OptionalLong.empty(), ID);
        assertThatIllegalStateException().isThrownBy(() -> addGroups(writer, 1, 1));

        writer.begin("5s", Optional.empty());
        addGroups(writer, 1, 3);
        assertThatIllegalStateException().isThrownBy(() -> writer.begin("5s", Optional.empty()));
        writer.flush();
        assertThat(writer.flushedPosition()).isPresent();

        writer.begin("5s", Optional.empty());
        assertThat(writer.flushedPosition()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void goesOnEncodingWhileOneLineIsBlockedAndCanBeInterruptedAfterwards(OutputFormat format)
            throws Failure, InterruptedException, SQLException {
        this.format = format;
        BlockingOutput pipe = new BlockingOutput();
        LineWriter writer = writer(pipe, 450, OptionalLong.empty(), ID, NAME);
        writer.begin("5s", Optional.empty());
        String half = "x".repeat(100);
        add(writer, FakeRow.of(1, half), Operation.INSERT, lsn(1), lsn(1), TIME);
        add(writer, FakeRow.of(2, half), Operation.INSERT, lsn(2), lsn(2), TIME);
        assertThat(writer.flushedPosition()).isEmpty();

        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> add(writer, FakeRow.of(3, half), Operation.INSERT, lsn(3), lsn(3), TIME));
        pipe.open();
        writer.flush();

        assertThat(pipe.written()).contains("\"id\":1", "\"id\":2").doesNotContain("\"id\":3");
        assertThat(writer.flushedPosition()).contains(new Position(lsn(2), lsn(2)));
    }

    /// Where the first buffer would be handed over, and where the second waits for the first.
    @ParameterizedTest
    @EnumSource
    void anInterruptTakesNothingFromABufferOfSeveralLines(OutputFormat format)
            throws Failure, InterruptedException, SQLException {
        this.format = format;
        buffers = new LineBuffers(1_500);

        int first = requireAllBeforeAnInterrupt(0);
        int second = requireAllBeforeAnInterrupt(first + 1);

        assertThat(first).isBetween(3, 20);
        assertThat(second).isBetween(first + 3, 2 * first + 1);
    }

    /// Adds until that waits, interrupted once there are `uninterrupted`, and answers how many there were then.
    private int requireAllBeforeAnInterrupt(int uninterrupted) throws Failure, InterruptedException, SQLException {
        BlockingOutput pipe = new BlockingOutput();
        LineWriter writer = writer(pipe, 450, OptionalLong.empty(), ID, NAME);
        writer.begin("5s", Optional.empty());
        int added = 0;
        boolean waits = false;
        while (!waits) {
            if (added == uninterrupted) {
                Thread.currentThread().interrupt();
            }
            try {
                add(writer, FakeRow.of(added, "x".repeat(20)), Operation.INSERT, lsn(added), lsn(1), TIME);
                added++;
            } catch (InterruptedException e) {
                waits = true;
            }
        }
        pipe.open();
        writer.flush();

        assertThat(TableLines.changes(format, pipe.written().lines().toList()))
                .extracting(change -> change.at("/data/id").asInt())
                .isEqualTo(IntStream.range(0, added).boxed().toList());
        return added;
    }

    @ParameterizedTest
    @EnumSource
    void closingTakesBackALineWhoseWritingHasNotBegun(OutputFormat format)
            throws Failure, InterruptedException, SQLException {
        this.format = format;
        BlockingOutput pipe = new BlockingOutput();
        StdoutWriter stdout = StdoutWriter.start(pipe, () -> {});
        LineWriter first = writer(stdout, 450, OptionalLong.empty(), ID, NAME);
        LineWriter second = writer(stdout, 450, OptionalLong.empty(), ID, NAME);
        String half = "x".repeat(100);
        first.begin("5s", Optional.empty());
        second.begin("5s", Optional.empty());
        add(first, FakeRow.of(1, half), Operation.INSERT, lsn(1), lsn(1), TIME);
        add(first, FakeRow.of(2, half), Operation.INSERT, lsn(2), lsn(2), TIME);
        pipe.awaitWriter();
        add(second, FakeRow.of(3, half), Operation.INSERT, lsn(1), lsn(1), TIME);
        add(second, FakeRow.of(4, half), Operation.INSERT, lsn(2), lsn(2), TIME);

        second.close();
        pipe.open();
        first.close();
        stdout.close(Duration.ofSeconds(10));

        assertThat(pipe.written()).contains("\"id\":1").doesNotContain("\"id\":3");
        assertThat(first.flushedPosition()).contains(new Position(lsn(1), lsn(1)));
        assertThat(second.flushedPosition()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void writesNothingOnceTheLeaseIsLost(OutputFormat format) throws Failure, InterruptedException, SQLException {
        this.format = format;
        LineWriter writer = writer(out, 400, OptionalLong.empty(), ID);
        writer.begin("5s", Optional.empty());
        held.set(false);
        addGroups(writer, 1, 1);

        assertThatExceptionOfType(LeaseLost.class).isThrownBy(writer::flush);
        held.set(true);
        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> addGroups(writer, 2, 2));
        assertThatExceptionOfType(LeaseLost.class).isThrownBy(writer::flush);

        assertThat(out.size()).isZero();
        assertThat(writer.flushedPosition()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ENVELOPE, 0", "ENVELOPE, 1100", "CHANGE, 0", "CHANGE, 1500"})
    void answersNoPositionPastTheLastWholeLineWhereverTheOutputFails(OutputFormat format, int bufferBytes)
            throws Failure, IOException, InterruptedException, SQLException {
        this.format = format;
        buffers = new LineBuffers(bufferBytes);
        // One change in an envelope, two lines in a block.
        int limit = format == OutputFormat.ENVELOPE ? 500 : 700;
        LineWriter complete = writer(out, limit, OptionalLong.empty(), ID);
        complete.begin("5s", Optional.empty());
        addGroups(complete, 1, 7);
        complete.flush();
        int bytes = out.size();
        assertThat(lines(out).size()).isGreaterThan(3);

        for (int capacity = 0; capacity < bytes; capacity++) {
            FailingOutput pipe = new FailingOutput(capacity);
            LineWriter writer = writer(pipe, limit, OptionalLong.empty(), ID);
            writer.begin("5s", Optional.empty());
            assertThatExceptionOfType(OutputLost.class).isThrownBy(() -> {
                addGroups(writer, 1, 7);
                writer.flush();
            });
            assertThat(writer.flushedPosition().orElse(Position.before(lsn(0))))
                    .as("after %d bytes", capacity)
                    .isLessThanOrEqualTo(Position.after(lsn(lastIdOfWholeLines(pipe.taken()))));
        }
    }

    private int lastIdOfWholeLines(byte[] taken) {
        String text = new String(taken, UTF_8);
        List<String> whole =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        return whole.isEmpty()
                ? 0
                : TableLines.changes(format, whole).getLast().at("/data/id").asInt();
    }

    private static void add(
            LineWriter writer, ResultSet row, Operation operation, Lsn commitLsn, Lsn seqval, Optional<Instant> time)
            throws Failure, InterruptedException, SQLException {
        FakeChange.of(row, operation, commitLsn, seqval, time).addTo(writer);
    }

    private static void addGroups(LineWriter writer, int first, int last)
            throws Failure, InterruptedException, SQLException {
        for (int i = first; i <= last; i++) {
            add(writer, FakeRow.of(i), Operation.INSERT, lsn(i), lsn(i), TIME);
        }
    }

    private LineWriter writer(OutputStream stream, int limit, OptionalLong epoch, CapturedColumn... columns)
            throws PermanentFailure {
        StdoutWriter stdout = StdoutWriter.start(stream, () -> {});
        started.add(stdout);
        return writer(stdout, limit, epoch, columns);
    }

    private LineWriter writer(StdoutWriter stdout, int limit, OptionalLong epoch, CapturedColumn... columns)
            throws PermanentFailure {
        return new LineWriter(
                stdout.guardedBy(held::get, TABLE.toString()),
                buffers,
                new OutputConfig(format, limit, OversizeChange.FAIL, false),
                new LineHeader(TABLE, "localhost", "Shop", epoch),
                new CaptureInstance(TABLE, "dbo_customers", 1, List.of(columns)));
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(UTF_8).lines().toList();
    }

    private static Lsn lsn(int number) {
        return new Lsn(number, 0);
    }
}
