package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.ChangeRow;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Operation;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.config.OutputConfig;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.OutputLost;
import io.dstream.mssql.failure.PermanentFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Encodes the changes of one capture instance into envelopes, one a line. Used by one thread: the table's
/// monitor.
///
/// A change goes straight into the line's bytes. Where it makes the line too long it is moved to a new line and
/// the old one is closed before it, so sizes are exact and no change is encoded twice. While the sink writes one
/// line the next is being filled; the buffers are borrowed by the first change and given back by [#flush].
public final class EnvelopeWriter implements AutoCloseable {

    /// Where there is no limit, a line still ends here, so that memory stays bounded.
    private static final int UNLIMITED_LINE_BYTES = 1024 * 1024;

    /// A line with less than this part of its bytes left may not hold one change more.
    private static final int NEARLY_FULL_PART = 8;

    private static final Duration LAST_LINE = Duration.ofMillis(300);

    private static final byte[] METADATA = "],\"metadata\":{\"batch_size\":".getBytes(US_ASCII);

    private final LineSink sink;
    private final LineBuffers buffers;
    private final OutputConfig config;
    private final EnvelopeHeader header;
    private final ChangeEncoder encoder;
    private final String captureInstance;
    private final byte[] opening;

    /// Everything after the digits of `batch_size`, with the newline.
    private byte[] ending = new byte[0];

    /// The line being filled, and how many changes it has.
    private @Nullable JsonBuffer open;

    private int changes;

    /// For the image before the next change; empty of bytes where it has none.
    private Optional<JsonBuffer> before = Optional.empty();

    private SafePosition safe = new SafePosition();

    /// The line handed over and not known to be done, and the position that is safe once it is written.
    private @Nullable Line inFlight;

    /// Why a line did not get out. Nothing follows it, or a position would cover what nobody got.
    private Optional<Failure> lost = Optional.empty();

    private Optional<Position> safeWhenWritten = Optional.empty();
    private Optional<Position> flushed = Optional.empty();

    /// Throws `PermanentFailure` where a column's type has no JSON form. Connects and borrows nothing.
    public EnvelopeWriter(
            LineSink sink, LineBuffers buffers, OutputConfig config, EnvelopeHeader header, CaptureInstance instance)
            throws PermanentFailure {
        this.sink = sink;
        this.buffers = buffers;
        this.config = config;
        this.header = header;
        this.captureInstance = instance.name();
        this.encoder = new ChangeEncoder(instance, config.decimalsAsStrings());
        this.opening = opening(header);
    }

    /// Begins a window, whose envelopes carry `pollInterval` (`5s`, Go's notation) and `gap`, if there was one. The
    /// window before must have been flushed; its last change is whole from here on, and [#flushedPosition] starts
    /// anew.
    public void begin(String pollInterval, Optional<Gap> gap) {
        if (changes > 0 || inFlight != null) {
            throw new IllegalStateException("the window before was not flushed");
        }
        JsonBuffer out = new JsonBuffer(128);
        out.writeAscii(",\"poll_interval\":");
        out.writeString(pollInterval);
        out.writeAscii(",\"capture_instance\":");
        out.writeString(captureInstance);
        if (header.epoch().isPresent()) {
            out.writeAscii(",\"epoch\":");
            out.writeLong(header.epoch().getAsLong());
        }
        if (gap.isPresent()) {
            out.writeAscii(",\"gap\":{\"after_lsn\":");
            out.writeLsn(gap.get().after().commitLsn());
            out.writeAscii(",\"resumed_at_lsn\":");
            out.writeLsn(gap.get().resumedAt());
            out.writeAscii("}");
        }
        out.writeAscii("}}\n");
        ending = out.toBytes();
        safe = new SafePosition();
        flushed = Optional.empty();
    }

    /// Adds the change in `row`. An image before an update is kept for the update, which comes next: both are one
    /// change. Waits only where the line before the one that is full has not been written yet.
    ///
    /// After an exception the change is not in any line, those before it are, and the writer can be flushed; only
    /// after `LeaseLost` and `OutputLost` it throws the same again. Throws `PermanentFailure` for a change that
    /// no line can hold.
    public void add(ChangeRow row) throws SQLException, Failure, InterruptedException {
        if (ending.length == 0) {
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
                line.writeByte(',');
            }
            encoder.encode(row, before, line);
            place(line, mark, row.commitLsn(), row.seqval());
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

    /// True where the next change can be added without waiting for the line before, now or within `patience`.
    public boolean awaitRoom(Duration patience) throws InterruptedException {
        Line line = inFlight;
        JsonBuffer filling = open;
        boolean nearlyFull = filling != null && filling.size() > target() - target() / NEARLY_FULL_PART;
        return line == null || !nearlyFull || line.awaitDone(patience);
    }

    private JsonBuffer openLine() {
        JsonBuffer line = open;
        if (line == null) {
            line = buffers.borrow();
            line.writeRaw(opening);
            open = line;
        }
        return line;
    }

    private void place(JsonBuffer line, int mark, Lsn commitLsn, Lsn seqval) throws Failure, InterruptedException {
        if (closedSize(line.size(), changes + 1) <= target()) {
            changes++;
            return;
        }
        int from = changes > 0 ? mark + 1 : mark;
        int alone = closedSize(opening.length + line.size() - from, 1);
        if (config.maxLineBytes() > 0 && alone > config.maxLineBytes()) {
            line.truncate(mark);
            if (changes > 0) {
                settle().ifPresent(buffers::giveBack);
                handOver(line, Optional.empty());
            }
            throw oversize(commitLsn, seqval, alone);
        }
        if (changes > 0) {
            Optional<JsonBuffer> free = settle();
            JsonBuffer next = free.isPresent() ? free.get() : buffers.borrow();
            next.writeRaw(opening);
            next.writeRaw(line, from);
            line.truncate(mark);
            handOver(line, Optional.of(next));
        }
        changes++;
    }

    private int target() {
        return config.maxLineBytes() > 0 ? config.maxLineBytes() : UNLIMITED_LINE_BYTES;
    }

    /// The size of a line, newline excluded, once closed with `count` changes.
    private int closedSize(int size, int count) {
        return size + METADATA.length + JsonBuffer.digits(-count) + ending.length - 1;
    }

    /// Waits for the line in flight, if any; answers its buffer, emptied.
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
        line.writeRaw(METADATA);
        line.writeLong(changes);
        line.writeRaw(ending);
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

    private PermanentFailure oversize(Lsn commitLsn, Lsn seqval, int size) {
        return new PermanentFailure("table " + header.tableName() + ": one change alone makes a line of " + size
                + " bytes, max_line_bytes is " + config.maxLineBytes() + ", oversize_change is fail (lsn=" + commitLsn
                + " seq=" + seqval + "); raise max_line_bytes if the reader can take such a line");
    }

    /// Closes the open envelope, hands it over and waits until every line was taken by the operating system.
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

    /// Drops what was not handed over, and takes back a line whose writing has not begun; where it has, waits a moment
    /// for its end, so that [#flushedPosition] counts it.
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

    private static byte[] opening(EnvelopeHeader header) {
        JsonBuffer out = new JsonBuffer(128);
        out.writeAscii("{\"table_name\":");
        out.writeString(header.tableName().toString());
        out.writeAscii(",\"server_name\":");
        out.writeString(header.serverName());
        out.writeAscii(",\"changes\":[");
        return out.toBytes();
    }
}
