package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import java.sql.Statement;

/// Enables change data capture, where somebody asked for that.
public final class CdcSetup {

    private CdcSetup() {}

    /// For the database. Throws `PermanentFailure` where the login may not.
    public static void enableDatabase(Database database) throws Failure, InterruptedException {
        run(database, "enable change data capture in the database", SetupSql.ENABLE_DATABASE);
    }

    /// For `table`. Throws `PermanentFailure` where the login may not.
    public static void enableTable(Database database, TableName table) throws Failure, InterruptedException {
        run(database, "enable change data capture for " + table, SetupSql.enableTable(table));
    }

    /// Making the jobs takes a while, so it has the patience of those who read.
    private static void run(Database database, String operation, String sql) throws Failure, InterruptedException {
        database.reading(operation, connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }
}
