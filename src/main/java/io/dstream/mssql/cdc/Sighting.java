package io.dstream.mssql.cdc;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/// What one look at the change tables found, of many tables. Immutable.
///
/// The look asks for the highest LSN first, then for the last row of each change table, then for the capture instances.
/// In this order it is exact: rows up to that highest LSN were there before the last row was asked for, and the cleanup
/// moves the low watermark before it deletes; so where neither is past a position, there was nothing in between.
public final class Sighting {

    /// What is known of a table that stands at some position.
    public sealed interface Verdict {

        /// Nothing came behind the position, up to `highest`.
        ///
        /// @param lowWatermark which the position is not behind
        record Quiet(Lsn highest, Lsn lowWatermark) implements Verdict {}

        /// There are rows behind the position, or they may be gone, or another capture instance takes over; or
        /// the position is beyond all that there is.
        record News() implements Verdict {}

        /// Not looked at: the login may not, or the capture instance is too new.
        record Unknown() implements Verdict {}
    }

    /// The newest capture instance of a source table. Each LSN may be missing: of an empty change table, and of an
    /// instance that is being made.
    record Newest(int changeTableId, Optional<Lsn> lowWatermark) {}

    private final Optional<Lsn> highest;
    private final Map<Integer, Optional<Lsn>> lastRows;
    private final Map<Integer, Newest> newest;

    /// `lastRows` by the object ids of change tables, `newest` by those of source tables. Takes over both.
    Sighting(Optional<Lsn> highest, Map<Integer, Optional<Lsn>> lastRows, Map<Integer, Newest> newest) {
        this.highest = highest;
        this.lastRows = Collections.unmodifiableMap(lastRows);
        this.newest = Collections.unmodifiableMap(newest);
    }

    /// The highest LSN, which was asked first.
    Optional<Lsn> highest() {
        return highest;
    }

    /// By the object ids of the source tables.
    Map<Integer, Newest> newest() {
        return newest;
    }

    /// True where the newest change table of a source table is `changeTableId`.
    boolean isNewest(int sourceTableId, int changeTableId) {
        Newest instance = newest.get(sourceTableId);
        return instance != null && instance.changeTableId() == changeTableId;
    }

    /// True where `position` is beyond all that was seen: the database was restored from an older copy, or
    /// whoever stands there has looked later.
    public boolean isBehind(Position position) {
        return highest.isPresent() && position.isBeyond(highest.get());
    }

    /// What came of `table` behind `position`.
    ///
    /// Two capture instances need no more care than one: whoever reads on from `position` reads the newest that
    /// still holds what comes behind it.
    public Verdict of(SourceTable table, Position position) {
        Newest instance = newest.get(table.objectId());
        if (instance == null) {
            // Capture was disabled.
            return new Verdict.News();
        }
        if (isBehind(position)) {
            // Nothing is quiet there: the log of a restored database passes the position again, with other rows.
            return new Verdict.News();
        }
        Optional<Lsn> last = lastRows.get(instance.changeTableId());
        if (instance.lowWatermark().isEmpty() || highest.isEmpty()) {
            return new Verdict.Unknown();
        }
        Lsn lowWatermark = instance.lowWatermark().get();
        if (lowWatermark.compareTo(position.windowStart()) > 0) {
            return new Verdict.News();
        }
        if (last == null) {
            return new Verdict.Unknown();
        }
        return last.map(position::covers).orElse(true)
                ? new Verdict.Quiet(highest.get(), lowWatermark)
                : new Verdict.News();
    }
}
