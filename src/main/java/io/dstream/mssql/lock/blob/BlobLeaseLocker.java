package io.dstream.mssql.lock.blob;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.LockConfig.AzureBlob;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.LeaseAttempt;
import io.dstream.mssql.lock.TableLocker;
import io.dstream.mssql.logging.LogLimit;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// Leases on blobs of Azure Storage, one blob a table, each lease kept by a virtual thread of its own. Thread-safe.
///
/// A lease lasts a minute and is renewed long before; a holder that dies is followed by another within that minute. A
/// lease never ends later here than there: its time is counted from the moment that the request was sent.
public final class BlobLeaseLocker implements TableLocker {

    /// So that a thousand tables do not open a thousand connections at once. Renewals do not wait for a turn.
    private static final int MOST_ASKING_AT_ONCE = 16;

    private static final Duration CLOSE_WITHIN = Duration.ofMillis(900);

    private final LockBlobs blobs;
    private final Supplier<String> server;
    private final String database;
    private final KeeperClock clock;
    private final LogLimit limit;
    private final Semaphore turns = new Semaphore(MOST_ASKING_AT_ONCE);
    private final Set<LeaseKeeper> keepers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    BlobLeaseLocker(LockBlobs blobs, Supplier<String> server, String database, KeeperClock clock) {
        this.blobs = blobs;
        this.server = server;
        this.database = database;
        this.clock = clock;
        this.limit = new LogLimit(clock::nanoTime);
    }

    /// Leases in the container that `config` names, for tables of `database` on the server that calls itself `server`.
    /// When that name changes (a failover to a server with another) all leases are lost. Sends no request yet.
    public static BlobLeaseLocker open(AzureBlob config, Supplier<String> server, String database)
            throws PermanentFailure {
        return new BlobLeaseLocker(AzureLockBlobs.open(config), server, database, KeeperClock.SYSTEM);
    }

    @Override
    public void prepare() throws Failure, InterruptedException {
        blobs.requireWritable(LockName.ofWriteCheck(requireServerName(), database));
    }

    @Override
    public LeaseAttempt tryAcquire(TableName table) throws Failure, InterruptedException {
        String asked = requireServerName();
        LockBlob blob = blobs.named(LockName.of(asked, database, table));
        LeaseKeeper keeper =
                new LeaseKeeper(blob, ThisProcess.DESCRIPTION, () -> asked.equals(server.get()), clock, limit);
        turns.acquire();
        try {
            start(keeper);
            return keeper.answer().get();
        } catch (InterruptedException e) {
            keeper.release();
            throw e;
        } catch (ExecutionException e) {
            throw failure(blob, e);
        } finally {
            turns.release();
        }
    }

    private String requireServerName() throws PermanentFailure {
        return requireServerName(server.get());
    }

    /// `name`, unless it is empty.
    static String requireServerName(String name) throws PermanentFailure {
        if (name.isEmpty()) {
            throw new PermanentFailure(
                    "lock tables: the server does not know its own name (@@SERVERNAME is NULL), which "
                            + "is part of the locks' names; run EXEC sp_addserver N'<name>', N'local' and restart it, or use "
                            + "sql_server locks");
        }
        return name;
    }

    private void start(LeaseKeeper keeper) throws TransientFailure {
        keepers.add(keeper);
        if (closed) {
            keepers.remove(keeper);
            throw new TransientFailure("lock tables: the locker is closed");
        }
        Thread.ofVirtual().name("lease-keeper").start(() -> {
            try {
                keeper.run();
            } finally {
                keepers.remove(keeper);
            }
        });
    }

    private static Failure failure(LockBlob blob, ExecutionException e) {
        return switch (e.getCause()) {
            case Failure failure -> failure;
            case Error error -> throw error;
            case null, default ->
                new TransientFailure("take the lease of lock blob " + blob.name() + ": " + e.getMessage(), e);
        };
    }

    /// Takes less than a second, whatever the store does. A lease that is not given back by then runs out.
    @Override
    public void close() {
        closed = true;
        keepers.forEach(LeaseKeeper::release);
        long deadline = System.nanoTime() + CLOSE_WITHIN.toNanos();
        try {
            for (LeaseKeeper keeper : keepers) {
                keeper.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
