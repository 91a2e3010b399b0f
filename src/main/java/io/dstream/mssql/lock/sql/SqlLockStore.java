package io.dstream.mssql.lock.sql;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.lock.LockState;
import io.dstream.mssql.lock.LockStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import java.util.Optional;

/// The server itself, which needs nothing for its application locks and keeps nothing of them.
///
/// Who holds one it does not say: `sys.dm_tran_locks` shows the first 32 characters of a lock's name, and ours
/// has more of the same.
public final class SqlLockStore implements LockStore {

    private final Database database;

    /// `database` stays the caller's to close.
    public SqlLockStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public LockState look(TableName table) throws Failure, InterruptedException {
        return database.control("look at the lock of " + table, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(AppLockSql.TEST)) {
                statement.setNString(1, SqlAppLocker.resource(table));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return new LockState(row.getInt("is_free") == 1 ? LockState.Kind.FREE : LockState.Kind.HELD);
                }
            }
        });
    }

    @Override
    public Optional<String> create() {
        return Optional.empty();
    }

    @Override
    public List<String> remove(List<TableName> tables) {
        return List.of();
    }
}
