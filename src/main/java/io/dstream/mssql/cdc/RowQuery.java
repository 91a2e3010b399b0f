package io.dstream.mssql.cdc;

import io.dstream.mssql.config.ReadingConfig;
import io.dstream.mssql.config.ReadingConfig.ReadMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// The query for the rows of a window, and where its columns are: commit LSN, seqval, operation, then the command
/// id where rows come `byCommand`, then the update mask where they come with `beforeImages`, then what is captured.
///
/// By command is the order of execution, straight from the change table; else rows come from CDC's function, by
/// seqval.
record RowQuery(boolean byCommand, boolean beforeImages) {

    static final int COMMIT_LSN = 1;
    static final int SEQVAL = 2;
    static final int OPERATION = 3;

    /// Only by command.
    static final int COMMAND_ID = 4;

    static RowQuery of(ReadingConfig reading) {
        return new RowQuery(reading.mode() == ReadMode.CHANGE_TABLE, reading.beforeImages());
    }

    /// Only with before images.
    int updateMask() {
        return byCommand ? COMMAND_ID + 1 : OPERATION + 1;
    }

    int firstColumn() {
        return beforeImages ? updateMask() + 1 : updateMask();
    }

    /// True where `after` says what is done of its transaction in this query's order. Otherwise the transaction is
    /// read from its start.
    boolean goesOnFrom(Position after) {
        return after.splitsTransaction() && after.commandId().isPresent() == byCommand;
    }

    /// The query for the rows of `window`, bound. Rows at or before its position are left out where that is known.
    PreparedStatement prepare(Connection connection, Window window) throws SQLException {
        Position after = window.after();
        boolean resumes = goesOnFrom(after);
        PreparedStatement statement = connection.prepareStatement(
                byCommand
                        ? CdcSql.changeTable(window.instance(), beforeImages, resumes)
                        : CdcSql.allChanges(window.instance(), beforeImages, resumes));
        statement.setBytes(1, window.from().toBytes());
        statement.setBytes(2, window.to().toBytes());
        if (resumes && byCommand) {
            int commandId = after.commandId().getAsInt();
            statement.setBytes(3, after.commitLsn().toBytes());
            statement.setInt(4, commandId);
            statement.setInt(5, commandId);
            statement.setBytes(6, after.seqval().toBytes());
        } else if (resumes) {
            statement.setBytes(3, after.commitLsn().toBytes());
            statement.setBytes(4, after.seqval().toBytes());
        }
        return statement;
    }
}
