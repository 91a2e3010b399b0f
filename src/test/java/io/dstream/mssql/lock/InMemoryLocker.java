package io.dstream.mssql.lock;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.TransientFailure;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Leases in a map. It keeps the promises of the real ones; [#lose] takes a lease away, [#failNextAttempts] makes it a
/// store that does not answer.
public final class InMemoryLocker implements TableLocker {

    private final Map<TableName, Lease> holders;
    private final Map<TableName, InMemoryLease> ours = new ConcurrentHashMap<>();
    private final AtomicInteger attemptsToFail = new AtomicInteger();

    /// A locker of its own.
    public InMemoryLocker() {
        this(new ConcurrentHashMap<>());
    }

    /// Another instance over the same holders.
    public InMemoryLocker(Map<TableName, Lease> holders) {
        this.holders = holders;
    }

    /// Takes the lease of `table` away, as a store does that was not asked in time.
    public void lose(TableName table) {
        Optional.ofNullable(ours.get(table)).ifPresent(Lease::release);
    }

    /// The next `count` attempts throw `TransientFailure`.
    public void failNextAttempts(int count) {
        attemptsToFail.set(count);
    }

    @Override
    public void prepare() {}

    @Override
    public LeaseAttempt tryAcquire(TableName table) throws TransientFailure {
        if (attemptsToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new TransientFailure("lock " + table + ": the store does not answer");
        }
        InMemoryLease lease = new InMemoryLease(table);
        if (holders.putIfAbsent(table, lease) != null) {
            return new LeaseAttempt.HeldElsewhere(Optional.of("another"));
        }
        ours.put(table, lease);
        return new LeaseAttempt.Held(lease);
    }

    @Override
    public void close() {
        ours.values().forEach(Lease::release);
    }

    private final class InMemoryLease implements Lease {

        private final TableName table;

        InMemoryLease(TableName table) {
            this.table = table;
        }

        @Override
        public boolean isHeld() {
            return holders.get(table) == this;
        }

        @Override
        public OptionalLong epoch() {
            return OptionalLong.empty();
        }

        @Override
        public void release() {
            holders.remove(table, this);
        }
    }
}
