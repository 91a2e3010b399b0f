package io.dstream.mssql.lock.sql;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.HoldTime;
import io.dstream.mssql.lock.Lease;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leases that stand and fall with one session. Used by one thread, but for [#abandon] and for the leases themselves.
///
/// A session is trusted for [#TRUSTED_FOR] from the moment its last answered request was sent, on a monotonic clock:
/// past it every lease is lost, whatever the session turns out to be.
final class AppLocks {

    static final Duration TRUSTED_FOR = Duration.ofSeconds(15);

    /// Between two tries to open a session, so that a thousand tables do not wait for a thousand of them.
    static final Duration REOPEN_AFTER = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(AppLocks.class);

    private final LockSession.Opener opener;
    private final LongSupplier nanoTime;
    private final Consumer<AppLease> giveBack;
    private final Map<String, AppLease> leases = new HashMap<>();
    private volatile Optional<Trusted> current = Optional.empty();
    private volatile boolean abandoned;
    private Optional<Refusal> refusal = Optional.empty();

    /// `giveBack` is called on whatever thread releases a lease, once a lease; it brings about [#release].
    AppLocks(LockSession.Opener opener, LongSupplier nanoTime, Consumer<AppLease> giveBack) {
        this.opener = opener;
        this.nanoTime = nanoTime;
        this.giveBack = giveBack;
    }

    private record Refusal(Failure why, long atNanos) {}

    /// Empty where another session has `resource`, or a lease of this one does: two monitors on one table are one too
    /// many, also inside one process.
    Optional<AppLease> tryAcquire(String resource) throws Failure, InterruptedException {
        Trusted session = session();
        if (leases.containsKey(resource)) {
            return Optional.empty();
        }
        long sent = nanoTime.getAsLong();
        try {
            boolean granted = session.locks.tryLock(resource);
            session.answered(sent);
            return granted ? Optional.of(lease(resource, session)) : Optional.empty();
        } catch (TransientFailure e) {
            // The lock may have been granted and the answer lost: nobody would ever give it back but the session's end.
            lose(session, e.getMessage());
            throw e;
        } catch (Failure e) {
            ping();
            throw e;
        }
    }

    private AppLease lease(String resource, Trusted session) {
        AppLease lease = new AppLease(resource, session);
        leases.put(resource, lease);
        return lease;
    }

    /// Unlocks what `lease` held. A lock that cannot be given back goes with its session.
    void release(AppLease lease) {
        if (!leases.remove(lease.resource, lease) || !lease.session.isTrusted()) {
            return;
        }
        long sent = nanoTime.getAsLong();
        try {
            lease.session.locks.unlock(lease.resource);
            lease.session.answered(sent);
        } catch (Failure e) {
            lose(lease.session, e.getMessage());
        }
    }

    /// Asks the session, if there is one, whether it still lives.
    void ping() {
        current.ifPresent(session -> {
            long sent = nanoTime.getAsLong();
            try {
                session.locks.ping();
                session.answered(sent);
                discardIfDistrusted(session);
            } catch (Failure e) {
                lose(session, e.getMessage());
            }
        });
    }

    /// Ends the session from any thread, even when its own is stuck: every lease is lost from now on, for good.
    void abandon() {
        abandoned = true;
        current.ifPresent(Trusted::end);
    }

    private Trusted session() throws Failure, InterruptedException {
        current.ifPresent(this::discardIfDistrusted);
        return current.isPresent() ? current.get() : open();
    }

    private Trusted open() throws Failure, InterruptedException {
        long now = nanoTime.getAsLong();
        if (refusal.isPresent() && now - refusal.get().atNanos() < REOPEN_AFTER.toNanos()) {
            throw refusal.get().why();
        }
        try {
            Trusted session = new Trusted(opener.open(), now);
            current = Optional.of(session);
            refusal = Optional.empty();
            return stillWanted(session);
        } catch (Failure e) {
            refusal = Optional.of(new Refusal(e, nanoTime.getAsLong()));
            throw e;
        }
    }

    private Trusted stillWanted(Trusted session) throws TransientFailure {
        if (abandoned) {
            session.end();
            throw new TransientFailure("lock tables: the locker is closed");
        }
        return session;
    }

    private void discardIfDistrusted(Trusted session) {
        if (!session.isTrusted()) {
            lose(session, "it did not answer for " + TRUSTED_FOR.toSeconds() + " s");
        }
    }

    private void lose(Trusted session, String why) {
        session.end();
        current = Optional.empty();
        if (!abandoned) {
            log.warn("lost the connection that holds the table locks leases={} cause={}", leases.size(), why);
        }
        leases.clear();
    }

    /// A session and when it last proved to live. Thread-safe.
    private final class Trusted {

        private final LockSession locks;
        private final HoldTime trust;

        Trusted(LockSession locks, long provenAtNanos) {
            this.locks = locks;
            this.trust = new HoldTime(TRUSTED_FOR, nanoTime, provenAtNanos);
        }

        void answered(long sentAtNanos) {
            trust.prove(sentAtNanos);
        }

        boolean isTrusted() {
            return !trust.isOver();
        }

        void end() {
            trust.end();
            locks.close();
        }
    }

    /// One table's lease. Thread-safe.
    final class AppLease implements Lease {

        private final String resource;
        private final Trusted session;
        private final AtomicBoolean released = new AtomicBoolean();

        private AppLease(String resource, Trusted session) {
            this.resource = resource;
            this.session = session;
        }

        @Override
        public boolean isHeld() {
            return !released.get() && session.isTrusted();
        }

        /// SQL Server does not count holders.
        @Override
        public OptionalLong epoch() {
            return OptionalLong.empty();
        }

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                giveBack.accept(this);
            }
        }
    }
}
