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
/// A result that fits into one batch has none. Used by one thread, which closes it before the result.
final class RowPrefetch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RowPrefetch.class);

    /// One is written, one is fetched, and one lies between them.
    private static final int BATCHES = 3;

    /// How long a server may take to end a query that was cancelled; then its connection is given up.
    private static final Duration CANCEL_PATIENCE = Duration.ofMillis(300);

    private final RowFetcher fetcher;
    private final Statement statement;
    private final BlockingQueue<RowBatch> fetched = new ArrayBlockingQueue<>(BATCHES);

    /// Has room for one more, which wakes the thread for its end.
    private final BlockingQueue<RowBatch> free = new ArrayBlockingQueue<>(BATCHES + 1);

    private Optional<Thread> thread = Optional.empty();
    private volatile boolean stopped;

    /// True once there is nothing left on the server.
    private volatile boolean atEnd;

    /// `statement` is cancelled where not all of its result is wanted.
    RowPrefetch(RowFetcher fetcher, Statement statement) {
        this.fetcher = fetcher;
        this.statement = statement;
    }

    /// Waits for the first row; false where there is none.
    boolean begin() throws SQLException {
        atEnd = !fetcher.advance();
        return !atEnd;
    }

    /// The first rows; after [#begin] said that there are some.
    RowBatch first() {
        RowBatch batch = fetcher.newBatch();
        fill(batch);
        if (!batch.isLast()) {
            for (int i = 1; i < BATCHES; i++) {
                free.add(fetcher.newBatch());
            }
            boolean heavy = batch.isHeavy();
            thread = Optional.of(Thread.ofVirtual().name("fetch").start(() -> fetchAll(heavy)));
        }
        return batch;
    }

    /// The next rows; `done` is filled again. Throws what ended the fetching early, after all rows before it.
    Optional<RowBatch> next(RowBatch done) throws SQLException, PermanentFailure, InterruptedException {
        if (done.failure().isPresent()) {
            throw rethrown(done.failure().get());
        }
        if (done.isLast()) {
            return Optional.empty();
        }
        done.clear();
        free.add(done);
        try {
            return Optional.of(fetched.take());
        } catch (InterruptedException e) {
            // Whoever is asked to end at once does not wait for a server.
            thread.ifPresent(Thread::interrupt);
            throw e;
        }
    }

    private static RuntimeException rethrown(Throwable failure) throws SQLException, PermanentFailure {
        switch (failure) {
            case SQLException e -> throw e;
            case PermanentFailure e -> throw e;
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    /// `afterHeavy`: the batch before was heavy.
    private void fetchAll(boolean afterHeavy) {
        boolean heavy = afterHeavy;
        try {
            while (!stopped) {
                if (heavy) {
                    awaitAllFree();
                }
                RowBatch batch = free.take();
                if (!stopped) {
                    fill(batch);
                    heavy = batch.isHeavy();
                    boolean last = batch.isLast();
                    fetched.add(batch);
                    if (last) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            log.debug("Fetching was interrupted");
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
                    batch.end(Optional.empty());
                }
            } while (!batch.isLast() && !batch.isFull() && !stopped);
        } catch (SQLException | PermanentFailure | RuntimeException | Error e) {
            batch.end(Optional.of(e));
        }
    }

    /// Sees to it that nobody uses the result any more. Where there is more of it, cancels the query: closing a
    /// half-read result would read it to its end.
    @Override
    public void close() {
        stopped = true;
        free.add(fetcher.newBatch());
        if (!atEnd) {
            cancel();
        }
        thread.ifPresent(RowPrefetch::end);
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
