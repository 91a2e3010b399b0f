package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.lock.InMemoryLocker;
import io.dstream.mssql.lock.LeaseAttempt;
import io.dstream.mssql.lock.TableLocker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers for which tables it was asked, in order. Thread-safe.
final class AskedLocker implements TableLocker {

    private final InMemoryLocker locker;
    private final List<TableName> asked = new CopyOnWriteArrayList<>();

    AskedLocker(InMemoryLocker locker) {
        this.locker = locker;
    }

    /// One entry a request.
    List<TableName> asked() {
        return asked;
    }

    /// How often it was asked for `table`.
    long asked(TableName table) {
        return asked.stream().filter(table::equals).count();
    }

    @Override
    public void prepare() {}

    @Override
    public LeaseAttempt tryAcquire(TableName table) throws Failure {
        asked.add(table);
        return locker.tryAcquire(table);
    }

    @Override
    public void close() {
        locker.close();
    }
}
