package io.dstream.mssql.cdc;

import java.util.Arrays;

/// The short byte strings of a batch, one behind the other, and about how much memory its values take in all. Used by
/// one thread at a time.
final class BatchBytes {

    private static final int FIRST_CAPACITY = 4_096;

    private byte[] bytes = {};
    private int size;
    private long elsewhere;

    /// Copies `value`; answers where it begins.
    int append(byte[] value) {
        int from = size;
        int end = from + value.length;
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, Math.max(FIRST_CAPACITY, 2 * bytes.length)));
        }
        System.arraycopy(value, 0, bytes, from, value.length);
        size = end;
        return from;
    }

    /// A value that takes `length` bytes is an object of its own.
    void countElsewhere(long length) {
        elsewhere += length;
    }

    /// Holds what was appended; perhaps another one after the next [#append].
    byte[] array() {
        return bytes;
    }

    /// In bytes; of values that are numbers none count.
    long weight() {
        return size + elsewhere;
    }

    /// Forgets all of it.
    void clear() {
        size = 0;
        elsewhere = 0;
    }
}
