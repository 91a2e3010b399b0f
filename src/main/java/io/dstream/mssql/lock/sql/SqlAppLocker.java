package io.dstream.mssql.lock.sql;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.LeaseAttempt;
import io.dstream.mssql.lock.LockClock;
import io.dstream.mssql.lock.TableLocker;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leases as application locks of the database that is read, all of them owned by one connection outside the pools.
/// Losing that connection loses them all at once; the next [#tryAcquire] opens another. Thread-safe.
///
/// One virtual thread, started with the first request, is the only one that speaks on the connection: an interrupt of a
/// table's own thread would close the socket, and every other table's lease with it. The thread also asks every
/// [#PING_EVERY] whether the connection lives.
public final class SqlAppLocker implements TableLocker {

    static final Duration PING_EVERY = Duration.ofSeconds(5);

    private static final Duration RELEASE_WITHIN = Duration.ofSeconds(1);
    private static final Duration CLOSE_WITHIN = Duration.ofMillis(700);
    private static final String PREFIX = "dstream-ingester-mssql/";

    private static final Logger log = LoggerFactory.getLogger(SqlAppLocker.class);

    private final AppLocks locks;
    private final ScheduledThreadPoolExecutor keeper = new ScheduledThreadPoolExecutor(
            1, Thread.ofVirtual().name("app-locks").factory());

    /// Used by the keeper's thread alone.
    private Optional<ScheduledFuture<?>> pinging = Optional.empty();

    /// `database` stays the caller's to close; nothing is opened yet.
    public SqlAppLocker(Database database) {
        this(() -> new SqlLockSession(database.dedicated("connect for table locks")), new LockClock());
    }

    SqlAppLocker(LockSession.Opener opener, LongSupplier nanoTime) {
        this.locks = new AppLocks(opener, nanoTime, this::giveBack);
        keeper.setRemoveOnCancelPolicy(true);
    }

    /// Needs nothing: the database was asked before, and a lock leaves nothing behind.
    @Override
    public void prepare() {}

    /// Also `HeldElsewhere` where a lease of this locker holds the table. Who else holds it SQL Server does not say.
    @Override
    public LeaseAttempt tryAcquire(TableName table) throws Failure, InterruptedException {
        Future<Optional<AppLocks.AppLease>> asked = ask(resource(table));
        try {
            return asked.get()
                    .<LeaseAttempt>map(LeaseAttempt.Held::new)
                    .orElseGet(() -> new LeaseAttempt.HeldElsewhere(Optional.empty()));
        } catch (InterruptedException e) {
            releaseWhenGranted(asked);
            throw e;
        } catch (ExecutionException e) {
            throw failure(table, e);
        } catch (CancellationException e) {
            throw closed(e);
        }
    }

    private Future<Optional<AppLocks.AppLease>> ask(String resource) throws TransientFailure {
        try {
            return keeper.submit(() -> {
                Optional<AppLocks.AppLease> lease = locks.tryAcquire(resource);
                pingFromNowOn();
                return lease;
            });
        } catch (RejectedExecutionException e) {
            throw closed(e);
        }
    }

    private static TransientFailure closed(RuntimeException cause) {
        return new TransientFailure("lock tables: the locker is closed", cause);
    }

    /// On the keeper's thread.
    private void pingFromNowOn() {
        if (pinging.isEmpty()) {
            long nanos = PING_EVERY.toNanos();
            pinging = Optional.of(keeper.scheduleWithFixedDelay(locks::ping, nanos, nanos, NANOSECONDS));
        }
    }

    /// The caller gave up waiting; what it is granted afterwards nobody would ever release.
    private void releaseWhenGranted(Future<Optional<AppLocks.AppLease>> asked) {
        tell(() -> {
            if (asked.state() == Future.State.SUCCESS) {
                asked.resultNow().ifPresent(locks::release);
            }
        });
    }

    private static Failure failure(TableName table, ExecutionException e) {
        return e.getCause() instanceof Failure failure
                ? failure
                : new TransientFailure("lock " + table + ": " + e.getMessage(), e);
    }

    /// Waits a moment, so that whoever asks next finds the table free; the unlocking goes on without us.
    private void giveBack(AppLocks.AppLease lease) {
        tell(() -> locks.release(lease)).ifPresent(told -> {
            try {
                told.get(RELEASE_WITHIN.toNanos(), NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException | CancellationException e) {
                log.debug("could not wait for a table to be unlocked cause={}", e.toString());
            }
        });
    }

    /// Empty once closed: then the connection's end has unlocked everything.
    private Optional<Future<?>> tell(Runnable task) {
        try {
            return Optional.of(keeper.submit(task));
        } catch (RejectedExecutionException e) {
            return Optional.empty();
        }
    }

    /// Ends the connection, and every lease with it. Takes less than a second, whatever the server does.
    @Override
    public void close() {
        keeper.shutdown();
        try {
            // What was asked before may still be answered.
            if (!keeper.awaitTermination(CLOSE_WITHIN.toNanos(), NANOSECONDS)) {
                log.debug("closing table locks while a request has no answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        locks.abandon();
        for (Runnable unasked : keeper.shutdownNow()) {
            if (unasked instanceof Future<?> future) {
                future.cancel(false);
            }
        }
    }

    /// The lock's name: lower case, and never longer than SQL Server tells apart.
    static String resource(TableName table) {
        String name = PREFIX + table.toString().toLowerCase(Locale.ROOT);
        if (name.length() <= AppLockSql.MAX_RESOURCE_LENGTH) {
            return name;
        }
        String suffix = "#" + sha256(name);
        return name.substring(0, AppLockSql.MAX_RESOURCE_LENGTH - suffix.length()) + suffix;
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
