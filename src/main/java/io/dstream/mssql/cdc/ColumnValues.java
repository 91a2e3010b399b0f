package io.dstream.mssql.cdc;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The values of one column in a batch of rows: added in order, then asked for by their row, from 0. Numbers and short
/// byte strings are kept without an object each: whatever lives until it is written is copied by a collection of
/// garbage, while everything else waits. Used by one thread at a time.
public final class ColumnValues {

    private static final int BYTES_OF_AN_OBJECT = 32;

    /// Longer byte strings stay the arrays that they are: few fit into a batch, and copying them costs more.
    private static final int LONGEST_COPY = 1_024;

    private final int capacity;
    private final boolean[] nulls;

    /// Of a short byte string, where it begins among `bytes`, and its length. This and `objects` are made for the first
    /// value of their kind.
    private long[] numbers = {};

    private @Nullable Object[] objects = {};

    private int size;
    private final BatchBytes bytes;

    /// Has room for `capacity` rows.
    public ColumnValues(int capacity) {
        this(capacity, new BatchBytes());
    }

    /// `bytes` are those of all columns of a batch.
    ColumnValues(int capacity, BatchBytes bytes) {
        this.capacity = capacity;
        this.nulls = new boolean[capacity];
        this.bytes = bytes;
    }

    /// SQL NULL.
    public void addNull() {
        nulls[size++] = true;
    }

    /// A whole number, or whatever else fits into one.
    public void addNumber(long value) {
        if (numbers.length == 0) {
            numbers = new long[capacity];
        }
        nulls[size] = false;
        numbers[size++] = value;
    }

    /// A floating point number.
    public void addReal(double value) {
        addNumber(Double.doubleToRawLongBits(value));
    }

    /// Text, null for SQL NULL.
    public void addText(@Nullable String value) {
        // Text that is not all Latin has two bytes a character.
        add(value, value == null ? 0 : Character.BYTES * value.length());
    }

    /// Bytes, null for SQL NULL. They must not be changed any more.
    public void addBytes(byte @Nullable [] value) {
        if (value == null) {
            addNull();
        } else if (value.length > LONGEST_COPY) {
            add(value, value.length);
        } else {
            addNumber((long) bytes.append(value) << Integer.SIZE | value.length);
        }
    }

    /// Something small that fits into no number, null for SQL NULL.
    public void addObject(@Nullable Object value) {
        add(value, 0);
    }

    private void add(@Nullable Object value, int length) {
        if (value == null) {
            addNull();
            return;
        }
        if (objects.length == 0) {
            objects = new @Nullable Object[capacity];
        }
        nulls[size] = false;
        objects[size++] = value;
        bytes.countElsewhere(BYTES_OF_AN_OBJECT + (long) length);
    }

    /// True for SQL NULL.
    public boolean isNull(int row) {
        return nulls[row];
    }

    /// True for what [#addObject] or [#addText] took, and for long byte strings.
    public boolean isObject(int row) {
        return objects.length > 0 && objects[row] != null;
    }

    /// What [#addNumber] took.
    public long number(int row) {
        return numbers[row];
    }

    /// What [#addReal] took.
    public double real(int row) {
        return Double.longBitsToDouble(numbers[row]);
    }

    /// What [#addText] or [#addObject] took, or a long byte string: where [#isObject].
    public Object object(int row) {
        return Objects.requireNonNull(objects[row]);
    }

    /// Where what [#addBytes] took lies: in this array, from [#bytesFrom] on, [#bytesLength] of them. Not to be asked
    /// for SQL NULL, nor to be changed.
    public byte[] bytes(int row) {
        return isObject(row) ? (byte[]) object(row) : bytes.array();
    }

    /// See [#bytes].
    public int bytesFrom(int row) {
        return isObject(row) ? 0 : (int) (numbers[row] >>> Integer.SIZE);
    }

    /// See [#bytes].
    public int bytesLength(int row) {
        return isObject(row) ? ((byte[]) object(row)).length : (int) numbers[row];
    }

    /// Forgets all values, so that none lives longer than its turn.
    void clear() {
        Arrays.fill(objects, 0, Math.min(size, objects.length), null);
        size = 0;
    }
}
