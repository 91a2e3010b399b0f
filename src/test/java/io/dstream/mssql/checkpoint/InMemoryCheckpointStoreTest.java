package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The fake keeps the promises that tests of the monitor rest on.
final class InMemoryCheckpointStoreTest extends CheckpointStoreContract {

    private final Map<TableName, Position> saved = new ConcurrentHashMap<>();

    @Override
    CheckpointStore instance() {
        return new InMemoryCheckpointStore(saved);
    }
}
