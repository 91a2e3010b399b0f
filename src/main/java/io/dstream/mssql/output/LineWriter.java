package io.dstream.mssql.output;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.ChangeRow;
import io.dstream.mssql.cdc.ColumnGetter;
import io.dstream.mssql.cdc.Operation;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.OutputConfig;
import io.dstream.mssql.config.OutputConfig.OversizeChange;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.OutputLost;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.logging.LogLimit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Encodes the changes of one capture instance into lines of the configured shape. Used by one thread: the
/// table's monitor.
///
/// A change goes straight into the bytes of a block (see [LineShape]). Where it makes the block too long it is
/// moved to a new one and the old one is closed before it, so sizes are exact and no change is encoded twice.
/// While the sink writes one block the next is being filled; the buffers are borrowed by the first change and
/// given back by [#flush].
public final class LineWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LineWriter.class);

    /// A block with less than this part of its bytes left may not hold one change more.
    private static final int NEARLY_FULL_PART = 8;

    private static final Duration LAST_LINE = Duration.ofMillis(300);

    private final LineSink sink;
    private final LineBuffers buffers;
    private final OutputConfig config;
    private final TableName table;
    private final LineShape shape;
    private final ChangeEncoder encoder;

    /// True where values of a change that is too long are left out.
    private final boolean omits;

    private final LogLimit omissions = new LogLimit(System::nanoTime);
    private boolean begun;

    /// The block being filled, and how many changes it has.
    private @Nullable JsonBuffer open;

    private int changes;

    /// For the image before the next change; empty of bytes where it has none.
    private Optional<JsonBuffer> before = Optional.empty();

    private SafePosition safe = new SafePosition();

    /// The block handed over and not known to be done, and the position that is safe once it is written.
    private @Nullable Line inFlight;

    /// Why a block did not get out. Nothing follows it, or a position would cover what nobody got.
    private Optional<Failure> lost = Optional.empty();

    private Optional<Position> safeWhenWritten = Optional.empty();
    private Optional<Position> flushed = Optional.empty();

    /// Throws `PermanentFailure` where a column's type has no JSON form. Connects and borrows nothing.
    public LineWriter(
            LineSink sink, LineBuffers buffers, OutputConfig config, LineHeader header, CaptureInstance instance)
            throws PermanentFailure {
        this.sink = sink;
        this.buffers = buffers;
        this.config = config;
        this.table = header.tableName();
        this.shape = LineShape.of(config, header, instance);
        this.omits = config.maxLineBytes() > 0 && config.oversizeChange() == OversizeChange.OMIT;
        this.encoder = new ChangeEncoder(instance, config, shape, omits ? config.maxLineBytes() : Integer.MAX_VALUE);
    }

    /// How to take the values of the capture instance's columns from a result set, one a column.
    public List<ColumnGetter> getters() {
        return encoder.getters();
    }

    /// Begins a window, whose lines carry `pollInterval` (`5s`, Go's notation) and `gap`, if there was one and
    /// the shape has a place for it. The window before must have been flushed; its last change is whole from
    /// here on, and [#flushedPosition] starts anew.
    public void begin(String pollInterval, Optional<Gap> gap) {
        if (changes > 0 || inFlight != null) {
            throw new IllegalStateException("the window before was not flushed");
        }
        shape.beginWindow(pollInterval, gap);
        safe = new SafePosition();
        flushed = Optional.empty();
        begun = true;
    }

    /// Adds the change in `row`. An image before an update is kept for the update, which comes next: both are
    /// one change. Waits only where the block before the one that is full has not been written yet.
    ///
    /// After an exception the change is not in any line, those before it are, and the writer can be flushed;
    /// only after `LeaseLost` and `OutputLost` it throws the same again. Throws `PermanentFailure` for a change
    /// that no line can hold.
    public void add(ChangeRow row) throws Failure, InterruptedException {
        if (!begun) {
            throw new IllegalStateException("no window was begun");
        }
        refuseAfterLoss();
        if (row.operation() == Operation.UPDATE_BEFORE) {
            encoder.encodeBefore(row, borrowBefore());
            return;
        }
        safe.advance(row.commitLsn(), row.commandId(), row.seqval());
        JsonBuffer line = openLine();
        int mark = line.size();
        boolean added = false;
        try {
            if (changes > 0) {
                line.writeRaw(shape.separator());
            }
            int from = line.size();
            encoder.encode(row, before, line);
            fit(row, line, from);
            place(line, mark, from);
            added = true;
        } finally {
            if (!added && open == line) {
                line.truncate(mark);
            }
            before.ifPresent(used -> used.truncate(0));
        }
    }

    private JsonBuffer borrowBefore() {
        if (before.isEmpty()) {
            before = Optional.of(buffers.borrow());
        }
        return before.get();
    }

    private void refuseAfterLoss() throws Failure {
        if (lost.isPresent()) {
            throw lost.get();
        }
    }

    /// True where the next change can be added without waiting for the block before, now or within `patience`.
    public boolean awaitRoom(Duration patience) throws InterruptedException {
        Line line = inFlight;
        JsonBuffer filling = open;
        boolean nearlyFull =
                filling != null && filling.size() > shape.fullBytes() - shape.fullBytes() / NEARLY_FULL_PART;
        return line == null || !nearlyFull || line.awaitDone(patience);
    }

    private JsonBuffer openLine() {
        JsonBuffer line = open;
        if (line == null) {
            line = buffers.borrow();
            line.writeRaw(shape.opening());
            open = line;
        }
        return line;
    }

    /// Sees to it that the change that begins at byte `from` fits into a line of its own.
    private void fit(ChangeRow row, JsonBuffer line, int from) throws PermanentFailure {
        int alone = shape.closedSize(shape.opening().length + line.size() - from, 1);
        int excess = config.maxLineBytes() > 0 ? alone - config.maxLineBytes() : 0;
        if (excess > 0 && !(omits && encoder.omitLargest(row, before, line, from, line.size() - from - excess))) {
            throw oversize(row, alone);
        }
        if (omits) {
            encoder.omission(before).ifPresent(omission -> warn(row, omission));
        }
    }

    private void place(JsonBuffer line, int mark, int from) throws Failure, InterruptedException {
        if (changes > 0 && shape.closedSize(line.size(), changes + 1) > shape.fullBytes()) {
            Optional<JsonBuffer> free = settle();
            JsonBuffer next = free.isPresent() ? free.get() : buffers.borrow();
            next.writeRaw(shape.opening());
            next.writeRaw(line, from);
            line.truncate(mark);
            handOver(line, Optional.of(next));
        }
        changes++;
    }

    /// Waits for the block in flight, if any; answers its buffer, emptied.
    private Optional<JsonBuffer> settle() throws Failure, InterruptedException {
        Line line = inFlight;
        if (line == null) {
            return Optional.empty();
        }
        try {
            line.awaitWritten();
            flushed = safeWhenWritten.or(() -> flushed);
        } catch (LeaseLost | OutputLost e) {
            lost = Optional.of(e);
            throw e;
        } finally {
            if (line.isDone()) {
                inFlight = null;
            }
        }
        line.bytes().truncate(0);
        return Optional.of(line.bytes());
    }

    /// Closes `line`, gives it to the sink and goes on with `next`.
    private void handOver(JsonBuffer line, Optional<JsonBuffer> next) throws OutputLost, InterruptedException {
        int mark = line.size();
        shape.closeBlock(changes, line);
        boolean taken = false;
        try {
            inFlight = sink.submit(line);
            taken = true;
        } finally {
            if (!taken) {
                line.truncate(mark);
                next.ifPresent(buffers::giveBack);
            }
        }
        safeWhenWritten = safe.lastWhole();
        changes = 0;
        open = next.orElse(null);
    }

    private PermanentFailure oversize(ChangeRow row, int size) {
        return new PermanentFailure("table " + table + ": one change alone makes a line of " + size
                + " bytes, max_line_bytes is " + config.maxLineBytes() + ", oversize_change is "
                + (omits ? "omit but the change is too long even without its values" : "fail") + " (lsn="
                + row.commitLsn() + " seq=" + row.seqval()
                + "); raise max_line_bytes if the reader can take such a line"
                + (omits ? "" : ", or set oversize_change to omit"));
    }

    private void warn(ChangeRow row, ChangeEncoder.Omission omission) {
        OptionalLong suppressed = omissions.admit();
        if (suppressed.isPresent()) {
            log.warn(
                    "Largest values of a change were left out, no line can hold it; raise max_line_bytes if the reader "
                            + "can take longer lines table={} lsn={} seq={} omitted_columns={} before_omitted_columns={} "
                            + "omitted_bytes={} max_line_bytes={} suppressed={}",
                    table,
                    row.commitLsn(),
                    row.seqval(),
                    omission.columns(),
                    omission.columnsBefore(),
                    omission.bytes(),
                    config.maxLineBytes(),
                    suppressed.getAsLong());
        }
    }

    /// Closes the open block, hands it over and waits until every line was taken by the operating system.
    /// Throws `LeaseLost` or `OutputLost` where one was not; after an interrupt it can be called again.
    public void flush() throws Failure, InterruptedException {
        refuseAfterLoss();
        if (changes > 0) {
            settle().ifPresent(buffers::giveBack);
            handOver(openLine(), Optional.empty());
        }
        settle().ifPresent(buffers::giveBack);
        releaseOpen();
    }

    /// The last position up to which every change of this window is in a line that was written; never inside
    /// changes that share commit LSN and seqval. Empty where there is none yet. Does not wait.
    ///
    /// The very last change of a window never counts here: only the reader knows that nothing follows it, and
    /// saves the window's end after [#flush].
    public Optional<Position> flushedPosition() {
        Line line = inFlight;
        if (line != null && line.isWritten()) {
            flushed = safeWhenWritten.or(() -> flushed);
        }
        return flushed;
    }

    /// Drops what was not handed over, and takes back a line whose writing has not begun; where it has, waits a
    /// moment for its end, so that [#flushedPosition] counts it.
    @Override
    public void close() {
        Line line = inFlight;
        if (line != null && !line.withdraw()) {
            awaitLastLine(line);
        }
        changes = 0;
        releaseOpen();
    }

    private static void awaitLastLine(Line line) {
        try {
            line.awaitDone(LAST_LINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void releaseOpen() {
        JsonBuffer line = open;
        if (line != null) {
            buffers.giveBack(line);
            open = null;
        }
        before.ifPresent(buffers::giveBack);
        before = Optional.empty();
    }
}
