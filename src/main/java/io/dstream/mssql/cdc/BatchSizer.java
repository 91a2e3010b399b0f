package io.dstream.mssql.cdc;

import java.time.Duration;

/// Decides how many transactions a window may hold, so that a query brings a target number of rows in a target time.
/// Used by one thread.
///
/// It grows fourfold at most, so that one odd window does not make the next one huge, and shrinks at once.
public final class BatchSizer {

    private static final int FIRST = 256;
    private static final int MOST = 16_384;
    private static final long TARGET_ROWS = 50_000;
    private static final Duration TARGET_TIME = Duration.ofSeconds(2);
    private static final int MOST_GROWTH = 4;

    private int transactions = FIRST;

    /// The most transactions of the next window, 1 to 16,384.
    public int transactions() {
        return transactions;
    }

    /// Tells of a window that held `transactions` transactions, of any table, and `rows` rows of this one, and took
    /// `time` from the query to the first row.
    public void observed(int transactions, long rows, Duration time) {
        if (transactions == 0) {
            return;
        }
        double byRows = rows == 0 ? MOST_GROWTH : (double) TARGET_ROWS / rows;
        double byTime = time.isZero() ? MOST_GROWTH : (double) TARGET_TIME.toNanos() / time.toNanos();
        double factor = Math.min(Math.min(byRows, byTime), MOST_GROWTH);
        // A window that was not full says nothing about a larger one, but may say that it was too large already.
        if (factor >= 1 && transactions < this.transactions) {
            return;
        }
        this.transactions = (int) Math.clamp(Math.round(transactions * factor), 1L, (long) MOST);
    }
}
