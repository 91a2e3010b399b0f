package io.dstream.mssql.lock.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.lock.TableLocker;
import io.dstream.mssql.lock.TableLockerContract;
import io.dstream.mssql.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The promises of every locker, with application locks.
final class SqlAppLockerIT extends TableLockerContract {

    private static TestDatabase server;
    private static Database database;

    @BeforeAll
    static void connect() {
        server = TestDatabase.create();
        database = Database.open(server.connectionString());
    }

    @AfterAll
    static void disconnect() {
        database.close();
        server.close();
    }

    @Override
    protected TableLocker open() {
        return new SqlAppLocker(database);
    }

    @Test
    void longNamesAreLockedToo() throws Failure, InterruptedException {
        TableName table = new TableName("s".repeat(128), "t".repeat(128));

        assertThat(acquire(instance(), table).isHeld()).isTrue();
        isHeldElsewhere(instance(), table);
    }
}
