package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.TransientFailure;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Positions in a map. It keeps the promises of the real one; [#failNextSaves] makes it a store that does not answer.
public final class InMemoryCheckpointStore implements CheckpointStore {

    private final Map<TableName, Position> saved;
    private final AtomicInteger savesToFail = new AtomicInteger();

    /// An empty store.
    public InMemoryCheckpointStore() {
        this(new ConcurrentHashMap<>());
    }

    /// Another instance over the same positions.
    public InMemoryCheckpointStore(Map<TableName, Position> saved) {
        this.saved = saved;
    }

    /// What is saved now, by whomever.
    public Optional<Position> saved(TableName table) {
        return Optional.ofNullable(saved.get(table));
    }

    /// Saves as another instance would, without asking what is there.
    public void overwrite(TableName table, Position position) {
        saved.put(table, position);
    }

    /// The next `count` saves are not done and throw `TransientFailure`.
    public void failNextSaves(int count) {
        savesToFail.set(count);
    }

    @Override
    public void prepare() {
        // A map needs nothing.
    }

    @Override
    public TableCheckpoint open(TableName table) {
        return new Entry(table, Optional.ofNullable(saved.get(table)));
    }

    private final class Entry implements TableCheckpoint {

        private final TableName table;
        private Optional<Position> position;

        Entry(TableName table, Optional<Position> position) {
            this.table = table;
            this.position = position;
        }

        @Override
        public Optional<Position> position() {
            return position;
        }

        @Override
        public void save(Position wanted) throws Failure {
            if (position.isPresent()
                    && (!wanted.isComparableTo(position.get()) || wanted.compareTo(position.get()) < 0)) {
                throw new IllegalArgumentException(position.get() + " -> " + wanted);
            }
            if (savesToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new TransientFailure("save position of " + table + ": the store does not answer");
            }
            if (position.equals(Optional.of(wanted))) {
                return;
            }
            compareAndSet(wanted);
        }

        private void compareAndSet(Position wanted) throws LeaseLost {
            boolean done = position.isPresent()
                    ? saved.replace(table, position.get(), wanted)
                    : saved.putIfAbsent(table, wanted) == null;
            if (!done && !wanted.equals(saved.get(table))) {
                throw new LeaseLost("save position of " + table + ": another instance saved");
            }
            position = Optional.of(wanted);
        }
    }
}
