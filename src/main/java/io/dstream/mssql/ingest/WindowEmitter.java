package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.ChangeReader;
import io.dstream.mssql.cdc.ChangeRow;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.cdc.Window;
import io.dstream.mssql.config.DurationText;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.output.Gap;
import io.dstream.mssql.output.LineHeader;
import io.dstream.mssql.output.LineSink;
import io.dstream.mssql.output.LineWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// Carries the rows of a window from the reader to the lines, and knows up to where they are written. Used by
/// one thread.
final class WindowEmitter {

    /// Looking at the clock for every row would cost more than it is worth.
    private static final int ROWS_BETWEEN_LOOKS = 256;

    private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(10);

    private final Monitoring shared;
    private final ChangeReader reader;
    private final PacedCheckpoint checkpoint;
    private final GapGuard gaps;
    private final LineHeader header;
    private final LineSink sink;

    private Optional<OpenLines> open = Optional.empty();
    private Optional<Position> writtenUpTo = Optional.empty();

    /// Of the window being read: what its lines say of a gap, rows taken, and the key of the last one.
    private Optional<Gap> announcing = Optional.empty();

    private long rows;
    private Lsn lastCommitLsn = Lsn.ZERO;
    private OptionalInt lastCommandId = OptionalInt.empty();
    private Lsn lastSeqval = Lsn.ZERO;
    private boolean endedEarly;
    private long lookAtRow;
    private Duration answeredAfter = Duration.ZERO;

    /// The lines of one capture instance: its columns are theirs.
    private record OpenLines(CaptureInstance instance, LineWriter writer) {}

    WindowEmitter(
            Monitoring shared,
            TableName table,
            ChangeReader reader,
            Lease lease,
            PacedCheckpoint checkpoint,
            GapGuard gaps) {
        this.shared = shared;
        this.reader = reader;
        this.checkpoint = checkpoint;
        this.gaps = gaps;
        this.header = new LineHeader(
                table, shared.config().database().host(), shared.server().databaseName(), lease.epoch());
        this.sink = shared.stdout().guardedBy(lease::isHeld, table.toString());
    }

    /// Writes every change of `window`, or those up to a stop, and returns once they are written. A busy
    /// table's position is saved on the way, with `gaps`' consent; for the window as a whole that is left to
    /// the caller.
    void emit(Window window, Duration pollInterval) throws Failure, InterruptedException {
        rows = 0;
        endedEarly = false;
        writtenUpTo = Optional.empty();
        lookAtRow = ROWS_BETWEEN_LOOKS;
        answeredAfter = Duration.ZERO;
        gaps.reading(window);
        announcing = gaps.owed();
        LineWriter lines = linesOf(window.instance());
        lines.begin(DurationText.format(pollInterval), announcing);
        shared.lineBuffers().takeTurn();
        try {
            answeredAfter = reader.read(window, lines.getters(), row -> take(row, lines));
            lines.flush();
            writtenUpTo = Optional.of(endedEarly ? lastPosition() : window.end());
            if (rows > 0) {
                announcing.ifPresent(gaps::announced);
            }
        } catch (TransientFailure | PermanentFailure e) {
            // What came before the failure is whole, and need not wait for the next try.
            lines.flush();
            throw e;
        } finally {
            if (writtenUpTo.isEmpty()) {
                lines.close();
                writtenUpTo = lines.flushedPosition();
                open = Optional.empty();
            }
            shared.lineBuffers().endTurn();
        }
    }

    /// Up to where the last window is written; empty where nothing of it is known to be.
    Optional<Position> writtenUpTo() {
        return writtenUpTo;
    }

    private Position lastPosition() {
        return new Position(lastCommitLsn, lastCommandId, lastSeqval);
    }

    /// How many rows the last window had.
    long rows() {
        return rows;
    }

    /// How many bytes the lines of the last window had.
    long bytes() {
        return open.map(lines -> lines.writer().windowBytes()).orElse(0L);
    }

    /// How long the server took to begin answering the last window's query.
    Duration timeToFirstRow() {
        return answeredAfter;
    }

    private boolean take(ChangeRow row, LineWriter lines) throws Failure, InterruptedException {
        if (row.beginsGroup() && rows > 0) {
            // A blocked output must not keep a result open on the server: what is left is read again, later.
            if (shared.stop().isRequested() || !lines.awaitRoom(OUTPUT_PATIENCE)) {
                endedEarly = true;
                return false;
            }
            // Not at every multiple: groups of two may step over all of them.
            if (rows >= lookAtRow) {
                lookAtRow = rows + ROWS_BETWEEN_LOOKS;
                saveIfDue(lines);
            }
        }
        lines.add(row);
        rows++;
        lastCommitLsn = row.commitLsn();
        lastCommandId = row.commandId();
        lastSeqval = row.seqval();
        return true;
    }

    private void saveIfDue(LineWriter lines) throws Failure, InterruptedException {
        Optional<Position> written = lines.flushedPosition();
        if (written.isPresent() && checkpoint.isDue() && checkpoint.isNew(written.get())) {
            gaps.proveUpTo(written.get());
            // What was written says what it owed before this window, and nothing newer.
            if (gaps.owed().equals(announcing)) {
                checkpoint.save(written.get());
            }
        }
    }

    private LineWriter linesOf(CaptureInstance instance) throws PermanentFailure {
        if (open.isEmpty() || !open.get().instance().equals(instance)) {
            LineWriter writer =
                    new LineWriter(sink, shared.lineBuffers(), shared.config().output(), header, instance);
            open = Optional.of(new OpenLines(instance, writer));
        }
        return open.get().writer();
    }
}
