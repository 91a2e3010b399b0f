package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.engine.Catalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The capture job: one thread that moves transactions from the log to the change tables. The entries of
/// `cdc.lsn_time_mapping` commit together with the rows, so nobody sees a maximum LSN before its rows.
final class CaptureJob implements AutoCloseable {

    private static final int CHANGES_PER_COMMIT = 20_000;

    private final Connection h2;
    private final Catalog catalog;
    private final TransactionLog log;
    private final CaptureInstances instances;
    private final ReentrantLock tablesLock;
    private final Duration pollInterval;
    private final Consumer<Lsn> visible;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean paused;
    private volatile Optional<SQLException> failure = Optional.empty();

    /// `tablesLock` keeps the job and those apart who make, drop or clean change tables; `visible` is told the last
    /// commit LSN of each of the job's commits.
    CaptureJob(
            Connection h2,
            Catalog catalog,
            TransactionLog log,
            CaptureInstances instances,
            ReentrantLock tablesLock,
            Duration pollInterval,
            Consumer<Lsn> visible) {
        this.h2 = h2;
        this.catalog = catalog;
        this.log = log;
        this.instances = instances;
        this.tablesLock = tablesLock;
        this.pollInterval = pollInterval;
        this.visible = visible;
        this.thread = Thread.ofPlatform().name("capture-job").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Nothing is written after this returns, until [#resume].
    void pause() {
        tablesLock.lock();
        try {
            paused = true;
        } finally {
            tablesLock.unlock();
        }
    }

    void resume() {
        paused = false;
    }

    /// Throws what ended the job, if anything did.
    void check() throws SQLException {
        if (failure.isPresent()) {
            throw new SQLException("the capture job has failed", failure.get());
        }
    }

    /// Stops the thread; waits for the batch it is at.
    @Override
    public void close() {
        stop.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            h2.setAutoCommit(false);
            do {
                while (writeSome()) {
                    // The log holds more.
                }
            } while (!stop.await(pollInterval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (SQLException ended) {
            failure = Optional.of(ended);
        } catch (InterruptedException | RuntimeException ended) {
            failure = Optional.of(new SQLException(ended));
        }
    }

    private boolean writeSome() throws SQLException {
        tablesLock.lock();
        try {
            if (paused || stop.getCount() == 0) {
                return false;
            }
            List<LoggedTransaction> transactions = log.take(CHANGES_PER_COMMIT);
            if (transactions.isEmpty()) {
                return false;
            }
            write(transactions);
            return true;
        } finally {
            tablesLock.unlock();
        }
    }

    private void write(List<LoggedTransaction> transactions) throws SQLException {
        try (ChangeTables tables = new ChangeTables(h2, catalog)) {
            ChangeWriter writer = new ChangeWriter(instances::of, tables);
            for (LoggedTransaction transaction : transactions) {
                writer.write(transaction);
                tables.finish(transaction);
            }
            h2.commit();
        }
        visible.accept(transactions.getLast().commitLsn());
    }
}
