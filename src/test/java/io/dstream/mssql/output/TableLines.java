package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.CapturedColumn;
import io.dstream.mssql.cdc.CapturedColumn.SqlType;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Operation;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.OutputConfig;
import io.dstream.mssql.config.OutputConfig.OutputFormat;
import io.dstream.mssql.config.OutputConfig.OversizeChange;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.testing.Envelopes;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What a [LineWriter] writes of one table, read back in either format. The window is open from the start.
final class TableLines implements AutoCloseable {

    static final CapturedColumn ID = new CapturedColumn("id", 1, new SqlType("int", 4, 10, 0), false);

    private static final TableName TABLE = new TableName("dbo", "customers");
    private static final Optional<Instant> TIME = Optional.of(Instant.parse("2025-09-28T20:00:00Z"));

    private final OutputFormat format;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StdoutWriter stdout = StdoutWriter.start(out, () -> {});
    private final LineBuffers buffers = new LineBuffers();
    private final LineWriter writer;

    TableLines(OutputFormat format, int limit, OversizeChange oversize, CapturedColumn... columns)
            throws PermanentFailure {
        this.format = format;
        this.writer = new LineWriter(
                stdout.guardedBy(() -> true, TABLE.toString()),
                buffers,
                new OutputConfig(format, limit, oversize, false),
                new LineHeader(TABLE, "localhost", "Shop", OptionalLong.empty()),
                new CaptureInstance(TABLE, "dbo_customers", 1, List.of(columns)));
        writer.begin("5s", Optional.empty());
    }

    static CapturedColumn text(String name, int ordinal) {
        return new CapturedColumn(name, ordinal, new SqlType("nvarchar", -1, 0, 0), false);
    }

    LineWriter writer() {
        return writer;
    }

    /// Adds an insert with commit LSN and seqval `number`.
    void insert(int number, @Nullable Object... values) throws Failure, InterruptedException, SQLException {
        add(Operation.INSERT, number, number, values);
    }

    void add(Operation operation, int commit, int seq, @Nullable Object... values)
            throws Failure, InterruptedException, SQLException {
        FakeChange.of(FakeRow.of(values), operation, lsn(commit), lsn(seq), TIME)
                .addTo(writer);
    }

    /// Adds an update whose old row is `before`; all columns have changed.
    void update(int number, List<?> before, List<?> after) throws Failure, InterruptedException, SQLException {
        FakeChange.before(lsn(number), lsn(number), "FF", before.toArray()).addTo(writer);
        add(Operation.UPDATE_AFTER, number, number, after.toArray());
    }

    static Lsn lsn(int number) {
        return new Lsn(number, 0);
    }

    void flush() throws Failure, InterruptedException {
        writer.flush();
    }

    /// Every whole line that came out by now.
    List<String> lines() {
        String all = out.toString(UTF_8);
        return all.substring(0, all.lastIndexOf('\n') + 1).lines().toList();
    }

    /// How long each line is, in bytes.
    List<Integer> sizes() {
        return lines().stream().map(line -> line.getBytes(UTF_8).length).toList();
    }

    /// Every change that came out by now.
    List<JsonNode> changes() {
        return changes(format, lines());
    }

    /// The objects that have `data`.
    static List<JsonNode> changes(OutputFormat format, List<String> lines) {
        List<JsonNode> changes = new ArrayList<>();
        for (String line : lines) {
            JsonNode whole = Envelopes.parse(line);
            if (format == OutputFormat.CHANGE) {
                changes.add(whole);
            } else {
                whole.path("changes").forEach(changes::add);
            }
        }
        return changes;
    }

    /// What `change` says of itself: `omitted_columns` is `OmittedColumns` in one of the formats.
    JsonNode said(JsonNode change, String envelopeName, String changeName) {
        return format == OutputFormat.CHANGE ? change.path("metadata").path(changeName) : change.path(envelopeName);
    }

    /// `insert` or `Insert`, and so on.
    String type(JsonNode change) {
        return said(change, "change_type", "OperationType").asText();
    }

    /// As text: `["a"]`, empty where none are named.
    String omitted(JsonNode change) {
        return said(change, "omitted_columns", "OmittedColumns").toString();
    }

    String omittedBefore(JsonNode change) {
        return said(change, "before_omitted_columns", "BeforeOmittedColumns").toString();
    }

    /// How large the buffer is that the next line would fill.
    int capacityOfNextBuffer() {
        JsonBuffer buffer = buffers.borrow();
        int capacity = buffer.capacity();
        buffers.giveBack(buffer);
        return capacity;
    }

    @Override
    public void close() {
        writer.close();
        try {
            stdout.close(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
