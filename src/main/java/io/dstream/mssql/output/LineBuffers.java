package io.dstream.mssql.output;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/// Line buffers for all tables, lent only to those that are writing, so that idle tables cost none. Keeps a few
/// for the next borrower and forgets the rest. Thread-safe.
public final class LineBuffers {

    /// Four lines of the default length: with one each, waking the thread that writes costs a tenth of all.
    private static final int FULL_BYTES = 240 * 1024;

    private static final int INITIAL_BYTES = 64 * 1024;
    private static final int LARGEST_KEPT_BYTES = 2 * 1024 * 1024;
    private static final int MOST_KEPT = 16;

    /// More tables than can read at the same time, few enough to bound memory behind a reader that does not read.
    private static final int MOST_WRITING = 16;

    private final int fullBytes;
    private final Semaphore turns = new Semaphore(MOST_WRITING, true);
    private final Deque<JsonBuffer> kept = new ArrayDeque<>();

    /// For one process.
    public LineBuffers() {
        this(FULL_BYTES);
    }

    /// For buffers that are written once no further block of full length fits into `fullBytes`.
    LineBuffers(int fullBytes) {
        this.fullBytes = fullBytes;
    }

    /// How many bytes of blocks a buffer has room for before it is handed over to be written.
    int fullBytes() {
        return fullBytes;
    }

    /// Waits until few enough tables are writing. To be asked before a connection is taken, and ended by [#endTurn].
    public void takeTurn() throws InterruptedException {
        turns.acquire();
    }

    /// The table holds no buffer any more.
    public void endTurn() {
        turns.release();
    }

    /// An empty buffer, which may have been used before.
    synchronized JsonBuffer borrow() {
        JsonBuffer buffer = kept.pollLast();
        return buffer == null ? new JsonBuffer(INITIAL_BYTES) : buffer;
    }

    /// Takes a buffer back, whatever it holds.
    synchronized void giveBack(JsonBuffer buffer) {
        if (kept.size() < MOST_KEPT && buffer.capacity() <= LARGEST_KEPT_BYTES) {
            buffer.truncate(0);
            kept.addLast(buffer);
        }
    }
}
