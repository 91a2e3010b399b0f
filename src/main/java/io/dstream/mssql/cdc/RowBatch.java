package io.dstream.mssql.cdc;

import org.jspecify.annotations.Nullable;

/// Some rows that follow each other, their keys and the values of each column, and how their fetching ended. Filled
/// by one thread, then read by another, then filled again.
final class RowBatch {

    private static final int MOST_ROWS = 1_024;
    private static final int FEWEST_ROWS = 16;
    private static final int MOST_VALUES = 8_192;

    /// What is handed from thread to thread is so many times as large as what is not.
    private static final int LARGE = 8;

    /// Where values are large a batch has fewer rows.
    private static final long FULL_BYTES = 256L * 1024;

    /// Of such a batch there should be one in memory and not several.
    private static final long HEAVY_BYTES = 512L * 1024;

    private final int capacity;
    private final boolean small;
    private final Lsn[] commitLsns;
    private final long[] seqvalHighs;
    private final int[] seqvalLows;
    private final int[] operations;
    private final int[] commandIds;
    private final byte[][] updateMasks;
    private final ColumnValues[] columns;
    private int size;
    private final BatchBytes bytes = new BatchBytes();
    private boolean last;

    /// Kept as it is, since it may be that memory has run out.
    private @Nullable Throwable failure;

    private RowBatch(int columnCount, int capacity, boolean small) {
        this.capacity = capacity;
        this.small = small;
        this.commitLsns = new Lsn[capacity];
        this.seqvalHighs = new long[capacity];
        this.seqvalLows = new int[capacity];
        this.operations = new int[capacity];
        this.commandIds = new int[capacity];
        this.updateMasks = new byte[capacity][];
        this.columns = new ColumnValues[columnCount];
        for (int i = 0; i < columnCount; i++) {
            columns[i] = new ColumnValues(capacity, bytes);
        }
    }

    /// For a result that may be short, and for rows that are written as soon as they are fetched.
    static RowBatch small(int columnCount) {
        return new RowBatch(columnCount, Math.ceilDiv(mostRows(columnCount), LARGE), true);
    }

    /// For rows that are fetched by one thread and written by another.
    static RowBatch large(int columnCount) {
        return new RowBatch(columnCount, mostRows(columnCount), false);
    }

    private static int mostRows(int columnCount) {
        return Math.clamp(MOST_VALUES / Math.max(1, columnCount), FEWEST_ROWS, MOST_ROWS);
    }

    /// One that never has a row.
    static RowBatch empty() {
        return new RowBatch(0, 0, true);
    }

    /// Forgets all rows.
    void clear() {
        for (ColumnValues column : columns) {
            column.clear();
        }
        size = 0;
        bytes.clear();
        last = false;
        failure = null;
    }

    /// Adds a row whose values were added to every column.
    void add(Lsn commitLsn, Lsn seqval, int operation, int commandId, byte[] updateMask) {
        commitLsns[size] = commitLsn;
        seqvalHighs[size] = seqval.high();
        seqvalLows[size] = seqval.low();
        operations[size] = operation;
        commandIds[size] = commandId;
        updateMasks[size] = updateMask;
        size++;
    }

    boolean isFull() {
        return size == capacity || bytes.weight() >= FULL_BYTES;
    }

    boolean isSmall() {
        return small;
    }

    boolean isHeavy() {
        return bytes.weight() >= HEAVY_BYTES;
    }

    /// There are no rows after these.
    void end() {
        last = true;
    }

    /// No row could be fetched after these, because of `why`.
    void fail(Throwable why) {
        last = true;
        failure = why;
    }

    boolean isLast() {
        return last;
    }

    /// Why no row could be fetched after these; null where nothing failed.
    @Nullable
    Throwable failure() {
        return failure;
    }

    int size() {
        return size;
    }

    Lsn commitLsn(int row) {
        return commitLsns[row];
    }

    Lsn seqval(int row) {
        return new Lsn(seqvalHighs[row], seqvalLows[row]);
    }

    int operation(int row) {
        return operations[row];
    }

    int commandId(int row) {
        return commandIds[row];
    }

    byte[] updateMask(int row) {
        return updateMasks[row];
    }

    ColumnValues column(int index) {
        return columns[index];
    }
}
