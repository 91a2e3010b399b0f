package io.dstream.mssql.lock;

import io.dstream.mssql.cdc.TableName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The fake keeps the promises that tests of the monitor rest on.
final class InMemoryLockerTest extends TableLockerContract {

    private final Map<TableName, Lease> holders = new ConcurrentHashMap<>();

    @Override
    protected TableLocker open() {
        return new InMemoryLocker(holders);
    }
}
