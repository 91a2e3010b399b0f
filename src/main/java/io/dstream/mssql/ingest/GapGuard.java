package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.ChangeReader;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.cdc.Window;
import io.dstream.mssql.config.ReadingConfig.OnGap;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.output.Gap;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Knows which changes are gone, or may be, and that the next envelopes must say so. Used by one thread.
///
/// CDC's cleanup may delete rows while they are read. It moves the low watermark first; so rows that were read
/// count only once the watermark was seen, after them, not to have passed the place they were read from. Until then
/// nothing at or behind them may be saved: see [#prove].
final class GapGuard {

    private static final Logger log = LoggerFactory.getLogger(GapGuard.class);

    private final TableName table;
    private final OnGap onGap;
    private final ChangeReader reader;

    private Optional<Gap> owed = Optional.empty();
    private Optional<Stretch> unproven = Optional.empty();
    private boolean unprovable;

    /// As of the last look.
    private Lsn lowWatermark = Lsn.ZERO;

    /// What was read of one capture instance, from `after` on.
    private record Stretch(CaptureInstance instance, Position after) {}

    GapGuard(TableName table, OnGap onGap, ChangeReader reader) {
        this.table = table;
        this.onGap = onGap;
        this.reader = reader;
    }

    /// Changes between `after` and `lowWatermark` are gone. Throws `PermanentFailure` where that stops the table;
    /// else an envelope owes it to its reader.
    void found(Position after, Lsn lowWatermark) throws PermanentFailure {
        gone(after, lowWatermark, "are gone");
    }

    /// Where to read again from, since the capture instance was dropped before it could be made sure that nothing was
    /// missing from what was read of it; empty where that is not so. Forgets what was read.
    Optional<Position> goBack() {
        Optional<Position> back = unprovable ? unproven.map(Stretch::after) : Optional.empty();
        if (unprovable) {
            unproven = Optional.empty();
            unprovable = false;
        }
        return back;
    }

    /// The low watermark as of the last look; [Lsn#ZERO] before the first.
    Lsn lowWatermark() {
        return lowWatermark;
    }

    /// Somebody else looked at the low watermark, perhaps before we did, and our position is not behind it.
    void saw(Lsn then) {
        lowWatermark = then.compareTo(lowWatermark) > 0 ? then : lowWatermark;
    }

    /// `window` is read next.
    void reading(Window window) throws Failure, InterruptedException {
        if (unproven.isPresent() && !unproven.get().instance().equals(window.instance())) {
            prove();
        }
        if (unproven.isEmpty()) {
            unproven = Optional.of(new Stretch(window.instance(), window.after()));
        }
    }

    /// Makes sure that no row was missing from all that was read. Costs a question to the server unless nothing was
    /// read since the last. Throws `PermanentFailure` where rows may be missing and that stops the table; else an
    /// envelope owes it to its reader.
    void prove() throws Failure, InterruptedException {
        look();
        unproven = Optional.empty();
    }

    /// False where something was read that [#prove] has not made sure of.
    boolean isProven() {
        return unproven.isEmpty();
    }

    /// The same as [#prove] in the middle of a window of which all up to `position` is read.
    void proveUpTo(Position position) throws Failure, InterruptedException {
        look();
        unproven = unproven.map(read -> new Stretch(read.instance(), position));
    }

    private void look() throws Failure, InterruptedException {
        if (unproven.isPresent()) {
            Stretch read = unproven.get();
            Optional<Lsn> now = reader.lowWatermark(read.instance());
            unprovable = now.isEmpty();
            lowWatermark = now.orElseThrow(() -> new TransientFailure("capture instance "
                    + read.instance().name() + " of " + table + " was dropped while it was read; reading again"));
            if (lowWatermark.compareTo(read.after().windowStart()) > 0) {
                gone(read.after(), lowWatermark, "may be gone, since CDC's cleanup came while they were read");
            }
        }
    }

    private void gone(Position after, Lsn lowWatermark, String fate) throws PermanentFailure {
        String what = "changes of " + table + " after position " + after + " " + fate + ": CDC keeps only what came "
                + "since " + lowWatermark + " (its low watermark)";
        if (onGap == OnGap.FAIL) {
            throw new PermanentFailure(
                    what + "; load the table anew, then set on_gap to resume for one start, or delete "
                            + "its row from cdc_offsets; raise CDC's retention if this instance may be away for so long");
        }
        log.error("Changes were lost, going on behind the gap table={} error={}", table, what);
        owed = Optional.of(new Gap(owed.map(Gap::after).orElse(after), lowWatermark));
    }

    /// What the next envelopes must say. While there is something, nothing behind it may be saved: a restart finds
    /// the gap again.
    Optional<Gap> owed() {
        return owed;
    }

    /// An envelope that says `gap` was written.
    void announced(Gap gap) {
        owed = owed.filter(still -> !still.equals(gap));
    }
}
