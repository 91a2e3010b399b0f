package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A table's row of `cdc_offsets`, saved by compare-and-set: whoever finds something else there than what it last saw
/// is no longer the only writer.
///
/// A save whose answer was lost may have been done. Before the next save the row is read again, and holds either what
/// was there before or what was to be saved; anything else is another instance's.
final class SavedOffset implements TableCheckpoint {

    private static final Logger log = LoggerFactory.getLogger(SavedOffset.class);

    /// The only schema the original program read, and so the only one whose tables its bare names can mean.
    private static final String ORIGINAL_SCHEMA = "dbo";

    private final Offsets offsets;
    private final String key;

    /// Our row as last seen; empty where there is none yet.
    private Optional<Offset> row;

    private Optional<Position> position;

    /// What a save wanted that got no answer.
    private Optional<Offset> unanswered = Optional.empty();

    private SavedOffset(Offsets offsets, String key, Optional<Offset> row, Optional<Position> position) {
        this.offsets = offsets;
        this.key = key;
        this.row = row;
        this.position = position;
    }

    static SavedOffset read(Offsets offsets, TableName table) throws Failure, InterruptedException {
        String key = table.toString();
        Optional<Offset> row = offsets.find(key);
        Optional<Position> position = row.map(Offset::position);
        if (row.isEmpty() && table.schema().equals(ORIGINAL_SCHEMA)) {
            position = offsets.find(table.table()).map(Offset::position);
            position.ifPresent(adopted -> log.info(
                    "starting where the original program stood table={} row={} position={}",
                    key,
                    table.table(),
                    adopted));
        }
        return new SavedOffset(offsets, key, row, position);
    }

    @Override
    public Optional<Position> position() {
        return position;
    }

    @Override
    public void save(Position wanted) throws Failure, InterruptedException {
        if (position.isPresent() && !isAtOrAfter(wanted, position.get())) {
            throw new IllegalArgumentException(
                    "position of " + key + " would go back from " + position.get() + " to " + wanted);
        }
        settle();
        boolean isNew = position.isEmpty() || wanted.compareTo(position.get()) > 0;
        if (isNew) {
            compareAndSet(Offset.of(wanted));
        }
    }

    private static boolean isAtOrAfter(Position wanted, Position saved) {
        return wanted.isComparableTo(saved) && wanted.compareTo(saved) >= 0;
    }

    /// Finds out what became of a save without an answer.
    private void settle() throws Failure, InterruptedException {
        if (unanswered.isEmpty()) {
            return;
        }
        Optional<Offset> found = offsets.find(key);
        if (!found.equals(row)) {
            take(ours(found, unanswered.get()));
        }
        unanswered = Optional.empty();
    }

    private void compareAndSet(Offset wanted) throws Failure, InterruptedException {
        unanswered = Optional.of(wanted);
        boolean done = row.isPresent() ? offsets.update(key, row.get(), wanted) : offsets.insert(key, wanted);
        // Not done, but there already: then it does not matter who saved it.
        take(done ? wanted : ours(offsets.find(key), wanted));
        unanswered = Optional.empty();
    }

    private Offset ours(Optional<Offset> found, Offset wanted) throws LeaseLost {
        return found.filter(wanted::equals).orElseThrow(() -> lost(found, wanted));
    }

    private LeaseLost lost(Optional<Offset> found, Offset wanted) {
        String why = wentBack(found)
                ? ", so it was put back, or the database was restored from an older copy; going on from there"
                : ", so another instance saved";
        return new LeaseLost("save position of " + key + ": cdc_offsets holds " + text(found) + " instead of "
                + text(row) + why + "; " + wanted + " was not saved");
    }

    /// No instance does that.
    private boolean wentBack(Optional<Offset> found) {
        return found.isPresent()
                && row.isPresent()
                && found.get().position().compareTo(row.get().position()) < 0;
    }

    private static String text(Optional<Offset> offset) {
        return offset.map(Offset::toString).orElse("no row");
    }

    private void take(Offset saved) {
        row = Optional.of(saved);
        position = Optional.of(saved.position());
    }
}
