package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.SqlErrors;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/// `cdc_offsets` in the database itself, over control connections.
final class SqlOffsets implements Offsets {

    private static final int ALREADY_AN_OBJECT = 2714;
    private static final int ALREADY_A_COLUMN = 2705;
    private static final int DUPLICATE_KEY = 2627;
    private static final int DUPLICATE_INDEX_KEY = 2601;

    private final Database database;

    SqlOffsets(Database database) {
        this.database = database;
    }

    /// Creates the table, or adds what a table of the original program lacks.
    void prepare() throws Failure, InterruptedException {
        define("create cdc_offsets", CheckpointSql.CREATE_TABLE, ALREADY_AN_OBJECT);
        define("add last_seq to cdc_offsets", CheckpointSql.ADD_LAST_SEQ, ALREADY_A_COLUMN);
    }

    private void define(String operation, String sql, int doneByAnother) throws Failure, InterruptedException {
        database.control(operation, connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            } catch (SQLException e) {
                if (SqlErrors.is(e, doneByAnother)) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Override
    public Optional<Offset> find(String key) throws Failure, InterruptedException {
        return database.control("read position of " + key, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(CheckpointSql.SELECT)) {
                statement.setNString(1, key);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(offset(key, row)) : Optional.empty();
                }
            }
        });
    }

    private static Offset offset(String key, ResultSet row) throws SQLException, PermanentFailure {
        Optional<Lsn> commitLsn = lsn(key, "last_lsn", row);
        Optional<Lsn> seqval = lsn(key, "last_seq", row);
        return new Offset(commitLsn.orElseThrow(() -> unusable(key, "last_lsn", "NULL")), seqval);
    }

    private static Optional<Lsn> lsn(String key, String column, ResultSet row) throws SQLException, PermanentFailure {
        Optional<byte[]> bytes = Optional.ofNullable(row.getBytes(column));
        if (bytes.isPresent() && bytes.get().length != Lsn.LENGTH) {
            throw unusable(key, column, bytes.get().length + " bytes");
        }
        return bytes.map(Lsn::of);
    }

    private static PermanentFailure unusable(String key, String column, String found) {
        return new PermanentFailure("read position of " + key + ": in the row '" + key + "' of cdc_offsets " + column
                + " is " + found + " and not " + Lsn.LENGTH + " bytes. Correct the row, or delete it to start over");
    }

    @Override
    public boolean insert(String key, Offset wanted) throws Failure, InterruptedException {
        return database.control("save position of " + key, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(CheckpointSql.INSERT)) {
                statement.setNString(1, key);
                bind(statement, 2, wanted);
                return statement.executeUpdate() == 1;
            } catch (SQLException e) {
                if (SqlErrors.is(e, DUPLICATE_KEY) || SqlErrors.is(e, DUPLICATE_INDEX_KEY)) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Override
    public boolean update(String key, Offset expected, Offset wanted) throws Failure, InterruptedException {
        return database.control("save position of " + key, connection -> update(connection, key, expected, wanted));
    }

    private static boolean update(Connection connection, String key, Offset expected, Offset wanted)
            throws SQLException {
        String sql = expected.seqval().isPresent() ? CheckpointSql.UPDATE : CheckpointSql.UPDATE_WITHOUT_SEQ;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, 1, wanted);
            statement.setNString(3, key);
            statement.setBytes(4, expected.commitLsn().toBytes());
            if (expected.seqval().isPresent()) {
                statement.setBytes(5, expected.seqval().get().toBytes());
            }
            return statement.executeUpdate() == 1;
        }
    }

    /// Binds `last_lsn` at `first` and `last_seq` after it.
    private static void bind(PreparedStatement statement, int first, Offset wanted) throws SQLException {
        Position position = wanted.position();
        statement.setBytes(first, position.commitLsn().toBytes());
        statement.setBytes(first + 1, position.seqval().toBytes());
    }
}
