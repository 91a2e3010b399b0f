package io.dstream.mssql.cdc;

/// How far a table has been read: every change at or before (`commitLsn`, `seqval`) is done.
public record Position(Lsn commitLsn, Lsn seqval) implements Comparable<Position> {

    /// All of the transaction `commitLsn`, and everything before it.
    public static Position after(Lsn commitLsn) {
        return new Position(commitLsn, Lsn.MAX);
    }

    /// Nothing of the transaction `commitLsn`, everything before it.
    public static Position before(Lsn commitLsn) {
        return new Position(commitLsn, Lsn.ZERO);
    }

    /// True where changes of transaction `commitLsn` may still be missing.
    public boolean isInsideTransaction() {
        return !seqval.equals(Lsn.MAX);
    }

    /// The first commit LSN that may hold something new.
    public Lsn windowStart() {
        return isInsideTransaction() ? commitLsn : commitLsn.next();
    }

    /// True where nothing up to and including transaction `lsn` is missing.
    public boolean covers(Lsn lsn) {
        return compareTo(after(lsn)) >= 0;
    }

    @Override
    public int compareTo(Position other) {
        int byCommit = commitLsn.compareTo(other.commitLsn);
        return byCommit != 0 ? byCommit : seqval.compareTo(other.seqval);
    }

    @Override
    public String toString() {
        return commitLsn + "/" + seqval;
    }
}
