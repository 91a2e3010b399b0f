package io.dstream.mssql.cdc;

import io.dstream.mssql.cdc.RepeatedHours.Known;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Optional;

/// The query for where the second pass through a repeated hour begins.
final class SecondPass {

    private SecondPass() {}

    /// Goes on after `looked`, up to `upTo`, in the hour [`from`, `until`).
    static Known look(Connection connection, LocalDateTime from, LocalDateTime until, Known looked, Lsn upTo)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.SECOND_PASS)) {
            statement.setObject(1, looked.latest());
            statement.setBytes(2, looked.lookedUpTo().toBytes());
            statement.setBytes(3, upTo.toBytes());
            statement.setObject(4, from);
            statement.setObject(5, until);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                LocalDateTime latest = Optional.ofNullable(row.getObject("latest", LocalDateTime.class))
                        .filter(looked.latest()::isBefore)
                        .orElse(looked.latest());
                return new Known(
                        upTo, Optional.ofNullable(row.getBytes("second_pass")).map(Lsn::of), latest);
            }
        }
    }
}
