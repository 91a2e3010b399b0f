package io.dstream.mssql.cdc;

/// A bounded stretch of the log to read in one query: commit LSNs `from` to `to`, both inclusive, of one capture
/// instance, leaving out what is at or before `after`.
public final class Window {

    private final CaptureInstance instance;
    private final Lsn from;
    private final Lsn to;
    private final Position after;
    private final int transactions;

    /// From `after` to `to`, which it does not cover; that are so many transactions of any table.
    public Window(CaptureInstance instance, Position after, Lsn to, int transactions) {
        this.instance = instance;
        this.from = after.windowStart();
        this.to = to;
        this.after = after;
        this.transactions = transactions;
        if (from.compareTo(to) > 0) {
            throw new IllegalArgumentException("a window from " + from + " to " + to + " is empty");
        }
    }

    /// What its rows come from.
    public CaptureInstance instance() {
        return instance;
    }

    /// Where the table stands once every row of the window is done, also when there was none.
    public Position end() {
        return Position.after(to);
    }

    /// The transactions, of any table, that the window spans.
    public int transactions() {
        return transactions;
    }

    Lsn from() {
        return from;
    }

    Lsn to() {
        return to;
    }

    /// What was done before it.
    public Position after() {
        return after;
    }
}
