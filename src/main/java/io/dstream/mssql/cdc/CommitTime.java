package io.dstream.mssql.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Optional;

/// A transaction of `cdc.lsn_time_mapping`, and when it was committed in the server's local time, if that is
/// known.
record CommitTime(Lsn commitLsn, Optional<LocalDateTime> committedAt) {

    /// The newest one up to `lsn`; empty where CDC has forgotten it.
    static Optional<CommitTime> upTo(Connection connection, Lsn lsn) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SurveySql.TIME_UP_TO)) {
            statement.setBytes(1, lsn.toBytes());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new CommitTime(
                                Lsn.of(row.getBytes("start_lsn")),
                                Optional.ofNullable(row.getObject("tran_end_time", LocalDateTime.class))))
                        : Optional.empty();
            }
        }
    }
}
