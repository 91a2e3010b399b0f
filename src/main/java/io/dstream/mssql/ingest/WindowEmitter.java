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
import io.dstream.mssql.output.EnvelopeHeader;
import io.dstream.mssql.output.EnvelopeWriter;
import io.dstream.mssql.output.Gap;
import io.dstream.mssql.output.LineSink;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// Carries the rows of a window from the reader to the envelopes, and knows up to where they are written. Used by one
/// thread.
final class WindowEmitter {

    /// Looking at the clock for every row would cost more than it is worth.
    private static final int ROWS_BETWEEN_LOOKS = 256;

    private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(10);

    private final Monitoring shared;
    private final ChangeReader reader;
    private final PacedCheckpoint checkpoint;
    private final GapGuard gaps;
    private final EnvelopeHeader header;
    private final LineSink lines;

    private Optional<OpenEnvelopes> open = Optional.empty();
    private Optional<Position> writtenUpTo = Optional.empty();

    /// Of the window being read: what its envelopes say of a gap, rows taken, and the key of the last one.
    private Optional<Gap> announcing = Optional.empty();

    private long rows;
    private Lsn lastCommitLsn = Lsn.ZERO;
    private OptionalInt lastCommandId = OptionalInt.empty();
    private Lsn lastSeqval = Lsn.ZERO;
    private boolean endedEarly;
    private long lookAtRow;
    private Duration answeredAfter = Duration.ZERO;

    /// The envelopes of one capture instance: its columns are theirs.
    private record OpenEnvelopes(CaptureInstance instance, EnvelopeWriter writer) {}

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
        this.header = new EnvelopeHeader(table, shared.config().database().host(), lease.epoch());
        this.lines = shared.stdout().guardedBy(lease::isHeld, table.toString());
    }

    /// Writes every change of `window`, or those up to a stop, and returns once they are written. A busy table's
    /// position is saved on the way, with `gaps`' consent; for the window as a whole that is left to the caller.
    void emit(Window window, Duration pollInterval) throws Failure, InterruptedException {
        rows = 0;
        endedEarly = false;
        writtenUpTo = Optional.empty();
        lookAtRow = ROWS_BETWEEN_LOOKS;
        answeredAfter = Duration.ZERO;
        gaps.reading(window);
        announcing = gaps.owed();
        EnvelopeWriter envelopes = envelopesOf(window.instance());
        envelopes.begin(DurationText.format(pollInterval), announcing);
        shared.lineBuffers().takeTurn();
        try {
            answeredAfter = reader.read(window, row -> take(row, envelopes));
            envelopes.flush();
            writtenUpTo = Optional.of(endedEarly ? lastPosition() : window.end());
            if (rows > 0) {
                announcing.ifPresent(gaps::announced);
            }
        } catch (TransientFailure | PermanentFailure e) {
            // What came before the failure is whole, and need not wait for the next try.
            envelopes.flush();
            throw e;
        } finally {
            if (writtenUpTo.isEmpty()) {
                envelopes.close();
                writtenUpTo = envelopes.flushedPosition();
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

    /// How long the server took to begin answering the last window's query.
    Duration timeToFirstRow() {
        return answeredAfter;
    }

    private boolean take(ChangeRow row, EnvelopeWriter envelopes) throws SQLException, Failure, InterruptedException {
        if (row.beginsGroup() && rows > 0) {
            // A blocked output must not keep a result open on the server: what is left is read again, later.
            if (shared.stop().isRequested() || !envelopes.awaitRoom(OUTPUT_PATIENCE)) {
                endedEarly = true;
                return false;
            }
            // Not at every multiple: groups of two may step over all of them.
            if (rows >= lookAtRow) {
                lookAtRow = rows + ROWS_BETWEEN_LOOKS;
                saveIfDue(envelopes);
            }
        }
        envelopes.add(row);
        rows++;
        lastCommitLsn = row.commitLsn();
        lastCommandId = row.commandId();
        lastSeqval = row.seqval();
        return true;
    }

    private void saveIfDue(EnvelopeWriter envelopes) throws Failure, InterruptedException {
        Optional<Position> written = envelopes.flushedPosition();
        if (written.isPresent() && checkpoint.isDue() && checkpoint.isNew(written.get())) {
            gaps.proveUpTo(written.get());
            // What was written says what it owed before this window, and nothing newer.
            if (gaps.owed().equals(announcing)) {
                checkpoint.save(written.get());
            }
        }
    }

    private EnvelopeWriter envelopesOf(CaptureInstance instance) throws PermanentFailure {
        if (open.isEmpty() || !open.get().instance().equals(instance)) {
            EnvelopeWriter writer = new EnvelopeWriter(
                    lines, shared.lineBuffers(), shared.config().output(), header, instance);
            open = Optional.of(new OpenEnvelopes(instance, writer));
        }
        return open.get().writer();
    }
}
