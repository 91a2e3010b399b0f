package io.dstream.mssql.lock;

import io.dstream.mssql.cdc.TableName;
import java.util.List;
import java.util.Optional;

/// No place, for no locks.
public final class NoLockStore implements LockStore {

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public LockState look(TableName table) {
        return new LockState(LockState.Kind.NONE);
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
