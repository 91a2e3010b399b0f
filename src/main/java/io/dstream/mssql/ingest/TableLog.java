package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.NextWindow.Ready;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// What an operator is told of one table while all goes well: whether it has namesakes, where it begins, from
/// which capture instance it is read, and which one is needed no more. Outlives leases, so that nothing is said twice a
/// run. Used by one thread.
final class TableLog {

    private static final Logger log = LoggerFactory.getLogger(TableLog.class);

    private boolean hasFollowed;
    private boolean saidThereAreNamesakes;
    private Optional<CaptureInstance> current = Optional.empty();

    /// Not needed any more once what was read last is saved.
    private List<CaptureInstance> superseded = List.of();

    /// By the id of their change table.
    private final Set<Integer> saidToBeSuperseded = new HashSet<>();

    /// `table` is followed; `all` are it and those that are called the same but for case. Said once.
    void namesakes(TableName table, List<TableName> all) {
        if (!saidThereAreNamesakes) {
            log.warn(
                    "Names of tables differ only in case, follow one of them at most: they share a lock table={} of={}",
                    table,
                    all);
            saidThereAreNamesakes = true;
        }
    }

    /// False until the table was followed once.
    boolean hasFollowed() {
        return hasFollowed;
    }

    /// The table is followed from `position`, which came from a `checkpoint` or is the `start`. Said at info once; who
    /// gets a lease again and again need not hear it. What was read under an earlier lease is no longer known
    /// to be saved: the position may be the one from before.
    void following(TableName table, Position position, String from) {
        log.atLevel(hasFollowed ? Level.DEBUG : Level.INFO)
                .log("Following table table={} position={} from={}", table, position, from);
        hasFollowed = true;
        current = Optional.empty();
        superseded = List.of();
    }

    /// The window of `next` is read next.
    void reading(Ready next) {
        CaptureInstance instance = next.window().instance();
        if (current.isPresent() && current.get().changeTableId() != instance.changeTableId()) {
            log.info(
                    "Another capture instance is read from here on table={} position={} from={} to={}",
                    instance.source(),
                    next.window().after(),
                    current.get().name(),
                    instance.name());
        }
        current = Optional.of(instance);
        superseded = next.superseded();
    }

    /// A restart would go on where the window of the last [#reading] began, or later.
    void saved() {
        for (CaptureInstance older : neededNoMore()) {
            log.info(
                    "This program needs an older capture instance no more, it may be disabled table={} "
                            + "capture_instance={} statement={}",
                    older.source(),
                    older.name(),
                    older.disableStatement());
        }
    }

    /// Each once, where the position is saved.
    List<CaptureInstance> neededNoMore() {
        return superseded.stream()
                .filter(older -> saidToBeSuperseded.add(older.changeTableId()))
                .toList();
    }
}
