package io.dstream.mssql.cdc;

import io.dstream.mssql.failure.PermanentFailure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/// Takes rows out of a result set that a [RowQuery] brought. Used by one thread at a time.
final class RowFetcher {

    private static final byte[] NO_MASK = {};

    private final RowQuery query;
    private final CaptureInstance instance;
    private final ColumnGetter[] getters;
    private final ResultSet rows;

    private byte[] commitLsnBytes = {};
    private Lsn commitLsn = Lsn.ZERO;

    /// `getters` are those of the instance's columns, in their order.
    RowFetcher(RowQuery query, CaptureInstance instance, List<ColumnGetter> getters, ResultSet rows) {
        this.query = query;
        this.instance = instance;
        this.getters = getters.toArray(ColumnGetter[]::new);
        this.rows = rows;
    }

    RowBatch smallBatch() {
        return RowBatch.small(getters.length);
    }

    RowBatch largeBatch() {
        return RowBatch.large(getters.length);
    }

    /// Goes to the next row; false where there is none.
    boolean advance() throws SQLException {
        return rows.next();
    }

    /// Adds the row the result stands on. Throws `PermanentFailure` for a value that nobody can read.
    void fetch(RowBatch batch) throws SQLException, PermanentFailure {
        byte[] bytes = rows.getBytes(RowQuery.COMMIT_LSN);
        if (!Arrays.equals(bytes, commitLsnBytes)) {
            commitLsnBytes = bytes;
            commitLsn = Lsn.of(bytes);
        }
        Lsn seqval = Lsn.of(rows.getBytes(RowQuery.SEQVAL));
        int operation = rows.getInt(RowQuery.OPERATION);
        int commandId = query.byCommand() ? rows.getInt(RowQuery.COMMAND_ID) : Position.NULL_COMMAND_ID;
        boolean isBefore = operation == Operation.UPDATE_BEFORE.number();
        byte[] mask = query.beforeImages() && isBefore ? updateMask() : NO_MASK;
        int first = query.firstColumn();
        for (int i = 0; i < getters.length; i++) {
            get(i, first + i, batch.column(i));
        }
        batch.add(commitLsn, seqval, operation, commandId, mask);
    }

    private byte[] updateMask() throws SQLException {
        byte[] mask = rows.getBytes(query.updateMask());
        return mask == null ? NO_MASK : mask;
    }

    private void get(int column, int index, ColumnValues values) throws SQLException, PermanentFailure {
        try {
            getters[column].get(rows, index, values);
        } catch (SQLException e) {
            refuseUnreadable(instance.columns().get(column), e);
            throw e;
        }
    }

    /// A value that the driver cannot give us will not become readable: an error without the number of a
    /// server's, on a connection that still works.
    private void refuseUnreadable(CapturedColumn column, SQLException e) throws SQLException, PermanentFailure {
        String state = String.valueOf(e.getSQLState());
        boolean passing = e.getErrorCode() != 0
                || e.getCause() != null
                || state.startsWith("08")
                || state.startsWith("HY")
                || Thread.currentThread().isInterrupted()
                || rows.isClosed();
        if (!passing) {
            throw new PermanentFailure(
                    "table " + instance.source() + ", column " + column.name() + ": its value cannot be read: "
                            + e.getMessage()
                            + "; leave the column out, with exclude_columns or of the capture instance",
                    e);
        }
    }
}
