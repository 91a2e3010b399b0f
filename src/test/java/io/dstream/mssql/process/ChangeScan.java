package io.dstream.mssql.process;

import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Looks through envelope lines of inserts whose only column is an `id` counted from 1, without parsing them: a million
/// changes as JSON trees would not fit. Lines come on one thread; the counts may be asked on any.
final class ChangeScan implements Consumer<String> {

    private static final String ID = "\"data\":{\"id\":";
    private static final String LSN = "\"lsn\":\"";
    private static final String SEQ = "\"seq\":\"";
    private static final int LSN_LENGTH = "00000020:00000100:0001".length();

    private final BitSet ids = new BitSet();
    private final long holdAtLine;
    private final CountDownLatch held = new CountDownLatch(1);
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private volatile int longestLine;
    private volatile String firstPosition = "";
    private volatile String lastPosition = "";
    private volatile String outOfOrder = "";

    /// Takes every line as it comes.
    ChangeScan() {
        this(Long.MAX_VALUE);
    }

    /// Takes no line after `holdAtLine` before [#goOn].
    ChangeScan(long holdAtLine) {
        this.holdAtLine = holdAtLine;
    }

    @Override
    public void accept(String line) {
        if (!line.endsWith("}}")) {
            return; // The process was killed while it wrote.
        }
        longestLine = Math.max(longestLine, line.length());
        for (int at = line.indexOf(ID); at >= 0; at = line.indexOf(ID, at + 1)) {
            take(line, at);
        }
        if (lines.incrementAndGet() >= holdAtLine) {
            hold();
        }
    }

    private void take(String line, int at) {
        int from = at + ID.length();
        ids.set(Integer.parseInt(line, from, line.indexOf('}', from), 10));
        String position = value(line, LSN, from) + "/" + value(line, SEQ, from);
        if (changes.getAndIncrement() == 0) {
            firstPosition = position;
        } else if (position.compareTo(lastPosition) <= 0 && outOfOrder.isEmpty()) {
            outOfOrder = position + " after " + lastPosition;
        }
        lastPosition = position;
    }

    private static String value(String line, String key, int from) {
        int at = line.indexOf(key, from) + key.length();
        return line.substring(at, at + LSN_LENGTH);
    }

    private void hold() {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void goOn() {
        held.countDown();
    }

    long lines() {
        return lines.get();
    }

    long changes() {
        return changes.get();
    }

    /// Of the longest whole line, in bytes: all of it is ASCII.
    int longestLine() {
        return longestLine;
    }

    /// `lsn/seq` of the first change; empty before.
    String firstPosition() {
        return firstPosition;
    }

    /// `lsn/seq` of the last change.
    String lastPosition() {
        return lastPosition;
    }

    /// The first change that was not after the one before it; empty where all were.
    String outOfOrder() {
        return outOfOrder;
    }

    /// Every id there was; only once no more lines come.
    BitSet ids() {
        return ids;
    }
}
