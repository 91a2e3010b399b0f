package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.Identifiers;
import io.dstream.mssql.db.Permissions;
import io.dstream.mssql.db.Permissions.On;
import io.dstream.mssql.failure.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/// `cdc_offsets` for whoever does not follow tables: how it is, what it holds, and the end of its rows. Used
/// by one thread.
public final class SavedPositions {

    private static final String TABLE = "cdc_offsets";

    /// The only schema whose tables the original program's bare names can mean.
    private static final String ORIGINAL_SCHEMA = "dbo";

    private final Database database;
    private final Shape shape;

    /// How the table is.
    public enum State {
        /// It is not there, or the login may not see it.
        MISSING,
        /// It lacks columns that a start adds.
        INCOMPLETE,
        COMPLETE
    }

    private record Shape(boolean exists, boolean hasSeq, boolean hasCommandId) {
        State state() {
            if (!exists) {
                return State.MISSING;
            }
            return hasSeq && hasCommandId ? State.COMPLETE : State.INCOMPLETE;
        }
    }

    private SavedPositions(Database database, Shape shape) {
        this.database = database;
        this.shape = shape;
    }

    /// Looks for the table; later answers count on what was found.
    public static SavedPositions look(Database database) throws Failure, InterruptedException {
        return new SavedPositions(database, database.control("look for cdc_offsets", SavedPositions::shape));
    }

    private static Shape shape(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CheckpointSql.SHAPE)) {
            row.next();
            return new Shape(
                    row.getInt("has_table") == 1, row.getInt("has_seq") == 1, row.getInt("has_command_id") == 1);
        }
    }

    /// How the table is.
    public State state() {
        return shape.state();
    }

    /// Where a run would go on with `table`, the original program's row included; empty where nothing is
    /// saved. Throws `PermanentFailure` for a row that cannot be used.
    public Optional<Position> of(TableName table) throws Failure, InterruptedException {
        if (!shape.exists()) {
            return Optional.empty();
        }
        Optional<Position> ours = find(table.toString());
        return ours.isEmpty() && table.schema().equals(ORIGINAL_SCHEMA) ? find(table.table()) : ours;
    }

    private Optional<Position> find(String key) throws Failure, InterruptedException {
        String select = CheckpointSql.select(shape.hasSeq(), shape.hasCommandId());
        return database.control("read position of " + key, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(select)) {
                statement.setNString(1, key);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(SqlOffsets.offset(key, row).position()) : Optional.empty();
                }
            }
        });
    }

    /// True where the login may do with the table, as it is, what runs do; where it is missing, make it and
    /// use it then: a new table belongs to the owner of its schema, not to who made it (Microsoft Learn,
    /// "CREATE TABLE (Transact-SQL)").
    public boolean isUsable(String defaultSchema, String databaseName) throws Failure, InterruptedException {
        if (!shape.exists()) {
            String schema = Identifiers.quote(defaultSchema);
            return Permissions.has(database, On.DATABASE, Identifiers.quote(databaseName), "CREATE TABLE")
                    && may("ALTER", On.SCHEMA, schema)
                    && mayUse(On.SCHEMA, schema);
        }
        return mayUse(On.OBJECT, TABLE) && (state() == State.COMPLETE || may("ALTER", On.OBJECT, TABLE));
    }

    private boolean mayUse(On kind, String securable) throws Failure, InterruptedException {
        return may("SELECT", kind, securable) && may("INSERT", kind, securable) && may("UPDATE", kind, securable);
    }

    private boolean may(String permission, On kind, String securable) throws Failure, InterruptedException {
        return Permissions.has(database, kind, securable, permission);
    }

    /// The statements that make the table as runs need it and let `user` use it, for whoever may.
    public String mend(String user) {
        String grant = "GRANT SELECT, INSERT, UPDATE ON OBJECT::cdc_offsets TO " + Identifiers.quote(user);
        return switch (state()) {
            case MISSING -> oneLine(CheckpointSql.CREATE_TABLE_IF_MISSING) + "; " + grant;
            case INCOMPLETE ->
                (shape.hasSeq() ? "" : CheckpointSql.ADD_LAST_SEQ + "; ")
                        + (shape.hasCommandId() ? "" : CheckpointSql.ADD_LAST_COMMAND_ID + "; ")
                        + grant;
            case COMPLETE -> grant;
        };
    }

    private static String oneLine(String statement) {
        return statement.replaceAll("\\s+", " ").strip();
    }

    /// Deletes our row of `table`. False where there was none. A row of the original program stays.
    public boolean remove(TableName table) throws Failure, InterruptedException {
        return shape.exists()
                && database.control("delete position of " + table, connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(CheckpointSql.DELETE)) {
                        statement.setNString(1, table.toString());
                        return statement.executeUpdate() > 0;
                    }
                });
    }
}
