package io.dstream.mssql.command;

import io.dstream.mssql.cdc.DatabaseFacts;
import io.dstream.mssql.config.LockConfig;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.lock.LockStore;
import io.dstream.mssql.lock.NoLockStore;
import io.dstream.mssql.lock.blob.BlobLockStore;
import io.dstream.mssql.lock.sql.SqlLockStore;

/// Chooses the store of each lock type.
final class LockStores {

    private LockStores() {}

    /// Sends no request yet; `database` stays the caller's to close. Throws `PermanentFailure` where the
    /// settings cannot
    /// be used.
    static LockStore open(LockConfig config, Database database, DatabaseFacts facts) throws PermanentFailure {
        return switch (config.type()) {
            case NONE -> new NoLockStore();
            case SQL_SERVER -> new SqlLockStore(database);
            case AZURE_BLOB ->
                BlobLockStore.open(config.azureBlob().orElseThrow(), facts.serverName(), facts.databaseName());
        };
    }
}
