package io.dstream.mssql.cdc;

import io.dstream.mssql.failure.PermanentFailure;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rows of a result, batch by batch: while one is being written the next are fetched, on a thread of their own.
/// A result that fits into one batch has none, and where as many tables as may have one already, each batch is fetched
/// when it is asked for. Used by one thread, which closes it before the result.
final class RowPrefetch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RowPrefetch.class);

    /// One is written, one is fetched, and one lies between them.
    private static final int BATCHES = 3;

    /// How long the fetching may take to end once its query was cancelled; then its connection is given up.
    private static final Duration CANCEL_PATIENCE = Duration.ofMillis(300);

    private final RowFetcher fetcher;
    private final Statement statement;
    private final FetchAheadLimit limit;

    /// Each has room for one more: the one that tells of an unexpected end, and the one that wakes the thread.
    private final BlockingQueue<RowBatch> fetched = new ArrayBlockingQueue<>(BATCHES + 1);
    private final BlockingQueue<RowBatch> free = new ArrayBlockingQueue<>(BATCHES + 1);

    /// Wakes the thread for its end. Made beforehand: the end must not fail because memory has run out.
    private final RowBatch wake = RowBatch.empty();

    /// Tells of an end that is no batch's. Made beforehand, too.
    private final RowBatch broken = RowBatch.empty();

    private Optional<Thread> thread = Optional.empty();
    private volatile boolean stopped;

    /// True once there is nothing left on the server.
    private volatile boolean atEnd;

    /// `statement` is cancelled where not all of its result is wanted.
    RowPrefetch(RowFetcher fetcher, Statement statement, FetchAheadLimit limit) {
        this.fetcher = fetcher;
        this.statement = statement;
        this.limit = limit;
    }

    /// Waits for the first row; false where there is none.
    boolean begin() throws SQLException {
        atEnd = !fetcher.advance();
        return !atEnd;
    }

    /// The first rows; after [#begin] said that there are some.
    RowBatch first() {
        RowBatch batch = fetcher.smallBatch();
        fill(batch);
        if (!batch.isLast() && limit.tryTake()) {
            thread = Optional.of(fetchAhead(batch.isHeavy()));
        }
        return batch;
    }

    private Thread fetchAhead(boolean afterHeavy) {
        try {
            for (int i = 1; i < BATCHES; i++) {
                free.add(fetcher.largeBatch());
            }
            return Thread.ofVirtual().name("fetch").start(() -> fetchAll(afterHeavy));
        } catch (RuntimeException | Error e) {
            limit.giveBack();
            throw e;
        }
    }

    /// The next rows; `done` is filled again. Throws what ended the fetching early, after all rows before it.
    Optional<RowBatch> next(RowBatch done) throws SQLException, PermanentFailure, InterruptedException {
        Throwable failure = done.failure();
        if (failure != null) {
            throw rethrown(failure);
        }
        if (done.isLast()) {
            return Optional.empty();
        }
        done.clear();
        if (thread.isEmpty()) {
            fill(done);
            return Optional.of(done);
        }
        // The first one was small: a large one takes its place.
        free.add(done.isSmall() ? fetcher.largeBatch() : done);
        try {
            return Optional.of(fetched.take());
        } catch (InterruptedException e) {
            // Whoever is asked to end at once does not wait for a server.
            thread.ifPresent(Thread::interrupt);
            throw e;
        }
    }

    private static RuntimeException rethrown(Throwable failure)
            throws SQLException, PermanentFailure, InterruptedException {
        switch (failure) {
            case InterruptedException e -> throw e;
            case SQLException e -> throw e;
            case PermanentFailure e -> throw e;
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    /// `afterHeavy`: the batch before was heavy. Whatever ends it, somebody may wait for a batch.
    private void fetchAll(boolean afterHeavy) {
        try {
            fetchUntilTheEnd(afterHeavy);
        } catch (InterruptedException e) {
            log.debug("Fetching was interrupted");
            broken.fail(e);
            fetched.add(broken);
        } catch (RuntimeException | Error e) {
            broken.fail(e);
            fetched.add(broken);
        }
    }

    private void fetchUntilTheEnd(boolean afterHeavy) throws InterruptedException {
        boolean heavy = afterHeavy;
        boolean more = true;
        while (more) {
            if (heavy) {
                awaitAllFree();
            }
            RowBatch batch = free.take();
            if (stopped) {
                return;
            }
            fill(batch);
            heavy = batch.isHeavy();
            more = !batch.isLast();
            fetched.add(batch);
        }
    }

    private void awaitAllFree() throws InterruptedException {
        List<RowBatch> all = new ArrayList<>();
        while (all.size() < BATCHES && !stopped) {
            all.add(free.take());
        }
        free.addAll(all);
    }

    /// From the row that the result stands on.
    private void fill(RowBatch batch) {
        try {
            do {
                fetcher.fetch(batch);
                if (!fetcher.advance()) {
                    atEnd = true;
                    batch.end();
                }
            } while (!batch.isLast() && !batch.isFull() && !stopped);
        } catch (SQLException | PermanentFailure | RuntimeException | Error e) {
            batch.fail(e);
        }
    }

    /// Sees to it that nobody uses the result any more. Where there is more of it, cancels the query: closing a
    /// half-read result would read it to its end.
    @Override
    public void close() {
        stopped = true;
        free.add(wake);
        try {
            if (!atEnd) {
                cancel();
            }
        } finally {
            thread.ifPresent(this::endAndGiveBack);
        }
    }

    private void endAndGiveBack(Thread fetching) {
        try {
            end(fetching);
        } finally {
            limit.giveBack();
        }
    }

    private void cancel() {
        try {
            statement.cancel();
        } catch (SQLException e) {
            log.debug("Could not cancel a query, its connection is gone", e);
        }
    }

    /// An interrupt closes the socket under the driver, so that it is the last resort.
    private static void end(Thread fetching) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = fetching.join(CANCEL_PATIENCE);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (!ended) {
                fetching.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
