package io.dstream.mssql.ingest;

import io.dstream.mssql.config.LockConfig;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.lock.NoLocker;
import io.dstream.mssql.lock.TableLocker;
import io.dstream.mssql.lock.blob.BlobLeaseLocker;
import io.dstream.mssql.lock.sql.SqlAppLocker;
import java.util.function.Supplier;

/// Chooses the locker of each lock type.
public final class Lockers {

    private Lockers() {}

    /// For tables of the database called `databaseName`, on the server that calls itself `server`. Sends no
    /// request yet;
    /// `database` stays the caller's to close. Throws `PermanentFailure` where the settings cannot be used.
    public static TableLocker open(LockConfig config, Database database, Supplier<String> server, String databaseName)
            throws PermanentFailure {
        return switch (config.type()) {
            case NONE -> new NoLocker();
            case SQL_SERVER -> new SqlAppLocker(database);
            case AZURE_BLOB -> BlobLeaseLocker.open(config.azureBlob().orElseThrow(), server, databaseName);
        };
    }
}
