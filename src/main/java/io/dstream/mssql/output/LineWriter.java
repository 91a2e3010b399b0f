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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Encodes the changes of one capture instance into lines of the configured shape. Used by one thread: the
/// table's monitor.
///
/// A change goes straight into the bytes of a block (see [LineShape]). Where it makes the block too long it is
/// moved to a new one and the old one is closed before it, so sizes are exact and no change is encoded twice. A buffer
/// holds several blocks. While the sink writes one buffer the next is being filled; they are borrowed by the first
/// change and given back by [#flush].
public final class LineWriter implements AutoCloseable {

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

    private final OmissionLog omissions;
    private boolean begun;

    /// The buffer being filled: closed blocks, and from byte `blockStart` on the open one, with `changes` changes.
    private @Nullable JsonBuffer open;

    private int blockStart;
    private int changes;

    /// For the image before the next change; empty of bytes where it has none.
    private Optional<JsonBuffer> before = Optional.empty();

    private SafePosition safe = new SafePosition();

    /// The buffer handed over and not known to be done, and the position that is safe once it is written.
    private @Nullable Line inFlight;

    /// Why a buffer did not get out. Nothing follows it, or a position would cover what nobody got.
    private Optional<Failure> lost = Optional.empty();

    private Optional<Position> safeWhenWritten = Optional.empty();
    private Optional<Position> flushed = Optional.empty();

    /// Handed over since [#begin].
    private long windowBytes;

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
        this.omissions = new OmissionLog(table, config.maxLineBytes());
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
        windowBytes = 0;
        begun = true;
    }

    /// Adds the change in `row`. An image before an update is kept for the update, which comes next: both are
    /// one change. Waits only where the buffer before the one that is full has not been written yet.
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
        JsonBuffer buffer = openBuffer();
        int mark = buffer.size();
        boolean added = false;
        try {
            if (changes > 0) {
                buffer.writeRaw(shape.separator());
            }
            int from = buffer.size();
            encoder.encode(row, before, buffer);
            fit(row, buffer, from);
            place(buffer, mark, from);
            added = true;
        } finally {
            if (!added && open == buffer) {
                buffer.truncate(mark);
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

    /// True where the next change can be added without waiting for the buffer before, now or within `patience`.
    public boolean awaitRoom(Duration patience) throws InterruptedException {
        Line line = inFlight;
        return line == null || !isNearlyFull() || line.awaitDone(patience);
    }

    private boolean isNearlyFull() {
        JsonBuffer filling = open;
        int fullBlock = shape.fullBytes() - shape.fullBytes() / NEARLY_FULL_PART;
        return filling != null && !hasRoomForABlock(filling.size()) && filling.size() - blockStart > fullBlock;
    }

    /// True where one more block of full length fits.
    private boolean hasRoomForABlock(int size) {
        return shape.fullBytes() <= buffers.fullBytes() - size;
    }

    private JsonBuffer openBuffer() {
        JsonBuffer buffer = open;
        if (buffer == null) {
            buffer = buffers.borrow();
            buffer.writeRaw(shape.opening());
            open = buffer;
        }
        return buffer;
    }

    /// Sees to it that the change that begins at byte `from` fits into a line of its own.
    private void fit(ChangeRow row, JsonBuffer buffer, int from) throws PermanentFailure {
        int alone = shape.closedSize(shape.opening().length + buffer.size() - from, 1);
        int excess = config.maxLineBytes() > 0 ? alone - config.maxLineBytes() : 0;
        if (excess > 0 && !(omits && encoder.omitLargest(row, before, buffer, from, buffer.size() - from - excess))) {
            throw oversize(row, alone);
        }
        if (omits) {
            encoder.omission(before).ifPresent(omission -> omissions.omitted(row, omission));
        }
    }

    private void place(JsonBuffer buffer, int mark, int from) throws Failure, InterruptedException {
        if (changes > 0 && shape.closedSize(buffer.size() - blockStart, changes + 1) > shape.fullBytes()) {
            if (hasRoomForABlock(mark)) {
                beginNextBlock(buffer, mark, from);
            } else {
                beginNextBuffer(buffer, mark, from);
            }
        }
        changes++;
    }

    private void beginNextBlock(JsonBuffer buffer, int mark, int from) {
        byte[] change = buffer.toBytes(from);
        buffer.truncate(mark);
        shape.closeBlock(changes, buffer);
        int start = buffer.size();
        buffer.writeRaw(shape.opening());
        buffer.writeRaw(change);
        blockStart = start;
        changes = 0;
    }

    private void beginNextBuffer(JsonBuffer full, int mark, int from) throws Failure, InterruptedException {
        Optional<JsonBuffer> free = settle();
        JsonBuffer next = free.isPresent() ? free.get() : buffers.borrow();
        next.writeRaw(shape.opening());
        next.writeRaw(full, from);
        full.truncate(mark);
        handOver(full, Optional.of(next));
    }

    /// Waits for the buffer in flight, if any; answers it, emptied.
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

    /// Closes the open block of `full`, gives it all to the sink and goes on with `next`.
    private void handOver(JsonBuffer full, Optional<JsonBuffer> next) throws OutputLost, InterruptedException {
        int mark = full.size();
        shape.closeBlock(changes, full);
        int bytes = full.size();
        boolean taken = false;
        try {
            inFlight = sink.submit(full);
            taken = true;
        } finally {
            if (!taken) {
                full.truncate(mark);
                next.ifPresent(buffers::giveBack);
            }
        }
        windowBytes += bytes;
        safeWhenWritten = safe.lastWhole();
        blockStart = 0;
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

    /// Closes the open block, hands over what there is and waits until every line was taken by the operating system.
    /// Throws `LeaseLost` or `OutputLost` where one was not; after an interrupt it can be called again.
    public void flush() throws Failure, InterruptedException {
        refuseAfterLoss();
        if (changes > 0) {
            settle().ifPresent(buffers::giveBack);
            handOver(openBuffer(), Optional.empty());
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

    /// How many bytes the lines of the window have, once it was flushed.
    public long windowBytes() {
        return windowBytes;
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
        JsonBuffer buffer = open;
        if (buffer != null) {
            buffers.giveBack(buffer);
            open = null;
            blockStart = 0;
        }
        before.ifPresent(buffers::giveBack);
        before = Optional.empty();
    }
}
