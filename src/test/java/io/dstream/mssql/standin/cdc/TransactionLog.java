package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The transactions that committed and that the capture job has not seen, in commit order. Thread-safe: its monitor is
/// the one lock under which anything commits.
final class TransactionLog {

    private static final int TICKS_PER_SECOND = 300;

    private final Clock clock;
    private final LsnSequence lsns = new LsnSequence();
    private final Deque<LoggedTransaction> waiting = new ArrayDeque<>();
    private long lastId = 0x1200;

    /// `clock` carries the server's zone.
    TransactionLog(Clock clock) {
        this.clock = clock;
    }

    /// Now, local to the server, as a `datetime` keeps it: to 1/300 of a second.
    LocalDateTime now() {
        LocalDateTime now = LocalDateTime.now(clock);
        long ticks = now.get(ChronoField.NANO_OF_SECOND) * (long) TICKS_PER_SECOND / 1_000_000_000L;
        long millis = Math.round(ticks * 1000.0 / TICKS_PER_SECOND);
        return now.truncatedTo(ChronoUnit.SECONDS).plus(millis, ChronoUnit.MILLIS);
    }

    /// Takes LSNs, commits H2 and appends, as one. Nothing is appended where H2 does not commit.
    synchronized void commit(Connection h2, LocalDateTime begin, List<Change> changes) throws SQLException {
        Lsn firstSeqval = lsns.takeBlock(Math.multiplyExact(2, changes.size()));
        Lsn commitLsn = lsns.take();
        h2.commit();
        waiting.add(new LoggedTransaction(firstSeqval, commitLsn, begin, now(), ++lastId, changes));
    }

    /// Appends a transaction without rows, at `at` or at the next LSN. Throws `IllegalArgumentException` where `at` is
    /// not after all that was logged.
    synchronized Lsn appendEmpty(Optional<Lsn> at) {
        Lsn begin = lsns.takeBlock(1);
        at.ifPresent(lsns::jumpTo);
        Lsn commitLsn = at.orElseGet(lsns::take);
        waiting.add(new LoggedTransaction(begin, commitLsn, now(), now(), ++lastId, List.of()));
        return commitLsn;
    }

    /// Appends what the capture job writes when nothing happened for five minutes.
    synchronized Lsn appendIdle() {
        Lsn lsn = lsns.takeBlock(1);
        waiting.add(new LoggedTransaction(lsn, lsn, now(), now(), 0, List.of()));
        return lsn;
    }

    /// An LSN after all that committed and before all that will.
    synchronized Lsn takeLsn() {
        return lsns.takeBlock(1);
    }

    /// Forgets what nobody will read any more.
    synchronized void clear() {
        waiting.clear();
    }

    /// Takes the oldest transactions: as many as hold `maxChanges` changes together, at least one if there is any.
    synchronized List<LoggedTransaction> take(int maxChanges) {
        List<LoggedTransaction> taken = new ArrayList<>();
        int changes = 0;
        while (!waiting.isEmpty() && taken.size() < maxChanges && changes < maxChanges) {
            LoggedTransaction next = waiting.remove();
            changes += next.changes().size();
            taken.add(next);
        }
        return taken;
    }
}
