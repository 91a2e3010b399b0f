package io.dstream.mssql.standin.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Application locks of one database: `sp_getapplock`. Modes Shared and Exclusive. Thread-safe.
///
/// Source: Microsoft Learn, "sp_getapplock (Transact-SQL)".
final class AppLocks {

    /// Granted at once.
    static final int GRANTED = 0;

    /// Granted after others had released it.
    static final int GRANTED_AFTER_WAITING = 1;

    /// Not granted in time.
    static final int TIMED_OUT = -1;

    /// The caller was cancelled.
    static final int CANCELLED = -2;

    private static final long CANCEL_CHECK_MILLIS = 50;

    /// What is locked; the resource's name keeps its case.
    record Resource(String principal, String name) {}

    private static final class Holding {
        private final int session;
        private final boolean ownedByTransaction;
        private boolean exclusive;
        private int count;

        Holding(int session, boolean ownedByTransaction) {
            this.session = session;
            this.ownedByTransaction = ownedByTransaction;
        }
    }

    private final Map<Resource, List<Holding>> held = new HashMap<>();

    /// Waits at most `timeoutMillis`, without end where it is negative.
    synchronized int acquire(
            Resource resource,
            int session,
            boolean ownedByTransaction,
            boolean exclusive,
            long timeoutMillis,
            BooleanSupplier cancelled)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        boolean waited = false;
        while (blocked(resource, session, exclusive)) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (timeoutMillis >= 0 && leftMillis <= 0) {
                return TIMED_OUT;
            }
            if (cancelled.getAsBoolean()) {
                return CANCELLED;
            }
            waited = true;
            wait(timeoutMillis < 0 ? CANCEL_CHECK_MILLIS : Math.min(leftMillis, CANCEL_CHECK_MILLIS));
        }
        grant(resource, session, ownedByTransaction, exclusive);
        return waited ? GRANTED_AFTER_WAITING : GRANTED;
    }

    private boolean blocked(Resource resource, int session, boolean exclusive) {
        return held.getOrDefault(resource, List.of()).stream()
                .anyMatch(holding -> holding.session != session && (exclusive || holding.exclusive));
    }

    private void grant(Resource resource, int session, boolean ownedByTransaction, boolean exclusive) {
        Holding holding = find(resource, session, ownedByTransaction).orElseGet(() -> {
            Holding added = new Holding(session, ownedByTransaction);
            held.computeIfAbsent(resource, r -> new ArrayList<>()).add(added);
            return added;
        });
        holding.exclusive |= exclusive;
        holding.count++;
    }

    private Optional<Holding> find(Resource resource, int session, boolean ownedByTransaction) {
        return held.getOrDefault(resource, List.of()).stream()
                .filter(h -> h.session == session && h.ownedByTransaction == ownedByTransaction)
                .findFirst();
    }

    /// False where the session does not hold it. A lock taken twice is released twice.
    synchronized boolean release(Resource resource, int session, boolean ownedByTransaction) {
        Optional<Holding> holding = find(resource, session, ownedByTransaction);
        if (holding.isEmpty()) {
            return false;
        }
        if (--holding.get().count == 0) {
            held.getOrDefault(resource, new ArrayList<>()).remove(holding.get());
            notifyAll();
        }
        return true;
    }

    /// At commit and rollback.
    synchronized void releaseTransaction(int session) {
        held.values().forEach(all -> all.removeIf(h -> h.session == session && h.ownedByTransaction));
        notifyAll();
    }

    /// At the end of a session.
    synchronized void releaseAll(int session) {
        held.values().forEach(all -> all.removeIf(h -> h.session == session));
        notifyAll();
    }

    /// `Exclusive`, `Shared` or `NoLock`, as `APPLOCK_MODE` says it.
    synchronized String mode(Resource resource, int session, boolean ownedByTransaction) {
        return find(resource, session, ownedByTransaction)
                .map(holding -> holding.exclusive ? "Exclusive" : "Shared")
                .orElse("NoLock");
    }

    /// Whether it could be had at once.
    synchronized boolean isFree(Resource resource, int session, boolean exclusive) {
        return !blocked(resource, session, exclusive);
    }
}
