package io.dstream.mssql.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The transactions of a window in commit order, each with the time it was committed; walked along as the rows come.
/// Used by one thread.
final class CommitTimes {

    /// A transaction and its time; empty where the server has none.
    record Transaction(Lsn commitLsn, Optional<Instant> committedAt) {}

    /// As the server keeps it.
    private record Local(Lsn commitLsn, Optional<LocalDateTime> committedAt) {}

    private final List<Transaction> transactions;
    private int next;

    /// `transactions` in commit order.
    CommitTimes(List<Transaction> transactions) {
        this.transactions = transactions;
    }

    /// Reads the transactions of [`from`, `to`], all of them captured.
    static CommitTimes read(Connection connection, Lsn from, Lsn to, RepeatedHours hours) throws SQLException {
        List<Local> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.COMMIT_TIMES)) {
            statement.setBytes(1, from.toBytes());
            statement.setBytes(2, to.toBytes());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Local(
                            Lsn.of(row.getBytes("start_lsn")),
                            Optional.ofNullable(row.getObject("tran_end_time", LocalDateTime.class))));
                }
            }
        }
        return inUtc(found, hours.clock(connection, to));
    }

    private static CommitTimes inUtc(List<Local> found, ServerClock clock) throws SQLException {
        List<Transaction> transactions = new ArrayList<>(found.size());
        for (Local each : found) {
            Optional<Instant> committedAt = each.committedAt().isPresent()
                    ? Optional.of(
                            clock.instant(each.commitLsn(), each.committedAt().get()))
                    : Optional.empty();
            transactions.add(new Transaction(each.commitLsn(), committedAt));
        }
        return new CommitTimes(transactions);
    }

    /// When `commitLsn` was committed; empty when the server no longer knows. Ask in ascending order.
    Optional<Instant> of(Lsn commitLsn) {
        while (next < transactions.size()) {
            Transaction candidate = transactions.get(next);
            int order = candidate.commitLsn().compareTo(commitLsn);
            if (order == 0) {
                return candidate.committedAt();
            }
            if (order > 0) {
                return Optional.empty();
            }
            next++;
        }
        return Optional.empty();
    }
}
