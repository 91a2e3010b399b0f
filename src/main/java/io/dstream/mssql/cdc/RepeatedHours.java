package io.dstream.mssql.cdc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// What the log has told so far of the hours that the server's clock went through twice, for all tables of a
/// database. Thread-safe.
///
/// The log only grows at its end, so what was looked at once need not be looked at again, and whether a
/// transaction is in the second pass does not depend on when that is asked: it is where time jumped back at it
/// or before it.
public final class RepeatedHours {

    /// Looks into a stretch of the mapping, for one repeated hour.
    @FunctionalInterface
    interface Search {
        /// Looks at the transactions after `looked` up to `upTo`.
        Known look(Known looked, Lsn upTo) throws SQLException;
    }

    /// What was found up to `lookedUpTo`: the first commit LSN of the second pass, empty where there is no sign
    /// of one; and the latest time within the hour, at first its start.
    record Known(Lsn lookedUpTo, Optional<Lsn> secondPass, LocalDateTime latest) {

        private boolean answers(Lsn upTo) {
            return secondPass.isPresent() || upTo.compareTo(lookedUpTo) <= 0;
        }
    }

    private final ZoneId zone;
    private final Map<LocalDateTime, Hour> hours = new ConcurrentHashMap<>();

    /// `zone` is that of the local times in `cdc.lsn_time_mapping`.
    public RepeatedHours(ZoneId zone) {
        this.zone = zone;
    }

    /// For the transactions of one window, which ends at `to` and is captured up to there.
    ServerClock clock(Connection connection, Lsn to) {
        return new ServerClock(
                zone,
                (from, until) ->
                        secondPass(from, to, (looked, upTo) -> SecondPass.look(connection, from, until, looked, upTo)));
    }

    /// The first commit LSN of the second pass through the hour that begins at `from`, if it begins at or
    /// before `upTo`; it may be a later one, too. Only one thread looks at a time, the others wait for what it
    /// finds.
    Optional<Lsn> secondPass(LocalDateTime from, Lsn upTo, Search search) throws SQLException {
        return hours.computeIfAbsent(from, Hour::new).secondPass(upTo, search);
    }

    private static final class Hour {

        private final ReentrantLock lock = new ReentrantLock();
        private volatile Known known;

        Hour(LocalDateTime from) {
            this.known = new Known(Lsn.ZERO, Optional.empty(), from);
        }

        Optional<Lsn> secondPass(Lsn upTo, Search search) throws SQLException {
            if (!known.answers(upTo)) {
                // Nobody has to be interrupted here: who holds it is in a short query, which an interrupt ends.
                lock.lock();
                try {
                    if (!known.answers(upTo)) {
                        known = search.look(known, upTo);
                    }
                } finally {
                    lock.unlock();
                }
            }
            return known.secondPass();
        }
    }
}
