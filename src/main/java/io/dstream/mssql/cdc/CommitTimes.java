package io.dstream.mssql.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The transactions of a window in commit order, each with the time it was committed; walked along as the rows come.
/// Used by one thread.
final class CommitTimes {

    /// A transaction and its time; empty where the server has none.
    record Transaction(Lsn commitLsn, Optional<Instant> committedAt) {}

    private final List<Transaction> transactions;
    private int next;

    /// `transactions` in commit order.
    CommitTimes(List<Transaction> transactions) {
        this.transactions = transactions;
    }

    /// Reads the transactions of [`from`, `to`]. `zone` is that of the server's local times.
    static CommitTimes read(Connection connection, Lsn from, Lsn to, ZoneId zone) throws SQLException {
        List<Transaction> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.COMMIT_TIMES)) {
            statement.setBytes(1, from.toBytes());
            statement.setBytes(2, to.toBytes());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Optional<Instant> committedAt = Optional.ofNullable(
                                    row.getObject("tran_end_time", LocalDateTime.class))
                            .map(local -> local.atZone(zone).toInstant());
                    found.add(new Transaction(Lsn.of(row.getBytes("start_lsn")), committedAt));
                }
            }
        }
        return new CommitTimes(found);
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
