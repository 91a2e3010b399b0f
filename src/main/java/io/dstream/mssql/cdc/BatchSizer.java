package io.dstream.mssql.cdc;

import java.time.Duration;

/// Decides how many transactions a window may hold: so many that what a window costs beside its rows does not count, so
/// few that a server that sorts them needs little memory, and that other tables do not wait long. Used by one thread.
///
/// It grows fourfold at most, so that one odd window does not make the next one huge, and shrinks at once.
public final class BatchSizer {

    private static final int FIRST = 256;
    private static final int MOST = 16_384;
    private static final long TARGET_ROWS = 200_000;
    private static final long TARGET_ROWS_IN_A_QUEUE = 50_000;
    private static final long TARGET_BYTES = 100_000_000;
    private static final Duration TARGET_TIME = Duration.ofSeconds(2);
    private static final double MOST_GROWTH = 4;

    private int transactions = FIRST;

    /// The most transactions of the next window, 1 to 16,384.
    public int transactions() {
        return transactions;
    }

    /// Tells of a window that held `transactions` transactions, of any table, and `rows` rows of this one, which became
    /// lines of `bytes` bytes, and took `time` from the query to the first row; and whether others wait to read.
    public void observed(int transactions, long rows, long bytes, Duration time, boolean othersWait) {
        if (transactions == 0) {
            return;
        }
        long targetRows = othersWait ? TARGET_ROWS_IN_A_QUEUE : TARGET_ROWS;
        double bySize = Math.min(growth(targetRows, rows), growth(TARGET_BYTES, bytes));
        double factor = Math.min(bySize, growth(TARGET_TIME.toNanos(), time.toNanos()));
        // A window that was not full says nothing about a larger one, but may say that it was too large already.
        if (factor >= 1 && transactions < this.transactions) {
            return;
        }
        this.transactions = (int) Math.clamp(Math.round(transactions * factor), 1L, (long) MOST);
    }

    private static double growth(long target, long seen) {
        return seen == 0 ? MOST_GROWTH : Math.min((double) target / seen, MOST_GROWTH);
    }
}
