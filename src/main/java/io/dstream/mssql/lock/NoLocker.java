package io.dstream.mssql.lock;

import io.dstream.mssql.cdc.TableName;
import java.util.OptionalLong;

/// Grants everything: for a single instance that nobody starts twice. Checkpoints are still saved by compare-and-set,
/// so a second one is noticed, but only after it wrote.
public final class NoLocker implements TableLocker {

    private volatile boolean closed;

    @Override
    public void prepare() {}

    @Override
    public LeaseAttempt tryAcquire(TableName table) {
        return new LeaseAttempt.Held(new Granted());
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class Granted implements Lease {

        private volatile boolean released;

        @Override
        public boolean isHeld() {
            return !released && !closed;
        }

        @Override
        public OptionalLong epoch() {
            return OptionalLong.empty();
        }

        @Override
        public void release() {
            released = true;
        }
    }
}
