package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.Permissions;
import io.dstream.mssql.db.Permissions.On;
import io.dstream.mssql.db.SqlErrors;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// `cdc_offsets` in the database itself, over control connections.
final class SqlOffsets implements Offsets {

    private static final int ALREADY_AN_OBJECT = 2714;
    private static final int ALREADY_A_COLUMN = 2705;

    /// CREATE TABLE denied in the database, or in the schema; ALTER TABLE on what the login may not alter.
    private static final List<Integer> REFUSALS = List.of(262, 2760, 1088, 4902);

    private static final int DUPLICATE_KEY = 2627;
    private static final int DUPLICATE_INDEX_KEY = 2601;

    private static final String LSN = Lsn.LENGTH + " bytes";

    private final Database database;

    SqlOffsets(Database database) {
        this.database = database;
    }

    /// Creates the table, or adds what a table of the original program lacks. Throws `PermanentFailure` where
    /// the login may not, with the statement that somebody else must run.
    void prepare() throws Failure, InterruptedException {
        define(
                "create cdc_offsets",
                CheckpointSql.CREATE_TABLE_IF_MISSING,
                CheckpointSql.CREATE_TABLE,
                ALREADY_AN_OBJECT);
        define(
                "add last_seq to cdc_offsets",
                CheckpointSql.ADD_LAST_SEQ_IF_MISSING,
                CheckpointSql.ADD_LAST_SEQ,
                ALREADY_A_COLUMN);
        define(
                "add last_command_id to cdc_offsets",
                CheckpointSql.ADD_LAST_COMMAND_ID_IF_MISSING,
                CheckpointSql.ADD_LAST_COMMAND_ID,
                ALREADY_A_COLUMN);
    }

    /// Throws `PermanentFailure` where the login may not do with the table what runs do: found now, and not when
    /// the first changes are written and cannot be remembered.
    void requireUsable() throws Failure, InterruptedException {
        for (String permission : List.of("SELECT", "INSERT", "UPDATE")) {
            if (!Permissions.has(database, On.OBJECT, "cdc_offsets", permission)) {
                throw new PermanentFailure("use cdc_offsets: the login has no " + permission
                        + " on it; as its owner run: GRANT SELECT, INSERT, UPDATE ON OBJECT::cdc_offsets TO the login");
            }
        }
    }

    private void define(String operation, String sql, String byHand, int doneByAnother)
            throws Failure, InterruptedException {
        database.control(operation, connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            } catch (SQLException e) {
                if (SqlErrors.is(e, doneByAnother)) {
                    return false;
                }
                if (REFUSALS.stream().anyMatch(number -> SqlErrors.is(e, number))) {
                    throw refused(operation, byHand, e);
                }
                throw e;
            }
        });
    }

    private static PermanentFailure refused(String operation, String byHand, SQLException e) {
        return new PermanentFailure(
                operation + ": the login may not (error " + e.getErrorCode()
                        + "); as the owner of the database run, in the login's default schema: "
                        + byHand.replaceAll("\\s+", " ").strip()
                        + "; then GRANT SELECT, INSERT, UPDATE ON OBJECT::cdc_offsets TO the login",
                e);
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

    static Offset offset(String key, ResultSet row) throws SQLException, PermanentFailure {
        Optional<Lsn> commitLsn = lsn(key, "last_lsn", row);
        Optional<Lsn> seqval = lsn(key, "last_seq", row);
        return new Offset(
                commitLsn.orElseThrow(() -> unusable(key, "last_lsn", "NULL", LSN)), commandId(key, row), seqval);
    }

    private static OptionalInt commandId(String key, ResultSet row) throws SQLException, PermanentFailure {
        int commandId = row.getInt("last_command_id");
        if (row.wasNull()) {
            return OptionalInt.empty();
        }
        if (commandId < Position.NULL_COMMAND_ID) {
            throw unusable(key, "last_command_id", Integer.toString(commandId), "-1 or more");
        }
        return OptionalInt.of(commandId);
    }

    private static Optional<Lsn> lsn(String key, String column, ResultSet row) throws SQLException, PermanentFailure {
        Optional<byte[]> bytes = Optional.ofNullable(row.getBytes(column));
        if (bytes.isPresent() && bytes.get().length != Lsn.LENGTH) {
            throw unusable(key, column, bytes.get().length + " bytes", LSN);
        }
        return bytes.map(Lsn::of);
    }

    private static PermanentFailure unusable(String key, String column, String found, String wanted) {
        return new PermanentFailure("read position of " + key + ": in the row '" + key + "' of cdc_offsets " + column
                + " is " + found + " and not " + wanted + ". Correct the row, or delete it to start over");
    }

    @Override
    public boolean insert(String key, Offset wanted) throws Failure, InterruptedException {
        return database.control("save position of " + key, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(CheckpointSql.INSERT)) {
                bind(statement, wanted);
                statement.setNString(4, key);
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
        Optional<Lsn> seqval = expected.seqval();
        OptionalInt commandId = expected.commandId();
        String sql = CheckpointSql.update(seqval.isPresent(), commandId.isPresent());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, wanted);
            statement.setNString(4, key);
            statement.setBytes(5, expected.commitLsn().toBytes());
            int next = 6;
            if (seqval.isPresent()) {
                statement.setBytes(next++, seqval.get().toBytes());
            }
            if (commandId.isPresent()) {
                statement.setInt(next, commandId.getAsInt());
            }
            return statement.executeUpdate() == 1;
        }
    }

    /// Binds `last_lsn`, `last_seq` and `last_command_id` as 1 to 3.
    private static void bind(PreparedStatement statement, Offset wanted) throws SQLException {
        Position position = wanted.position();
        statement.setBytes(1, position.commitLsn().toBytes());
        statement.setBytes(2, position.seqval().toBytes());
        if (position.commandId().isPresent()) {
            statement.setInt(3, position.commandId().getAsInt());
        } else {
            statement.setNull(3, Types.INTEGER);
        }
    }
}
