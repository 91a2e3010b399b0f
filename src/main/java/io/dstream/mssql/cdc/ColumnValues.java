package io.dstream.mssql.cdc;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The values of one column in a batch of rows: added in order, then asked for by their row, from 0. Numbers are
/// kept without an object each. Used by one thread at a time.
public final class ColumnValues {

    private static final int BYTES_OF_AN_OBJECT = 32;

    private final int capacity;
    private final boolean[] nulls;

    /// Made for the first value of their kind; a column has one kind.
    private long[] numbers = {};

    private @Nullable Object[] objects = {};

    private int size;
    private final Weight weight;

    /// About how much memory the objects of a batch take, all columns together.
    static final class Weight {
        long bytes;
    }

    /// Has room for `capacity` rows.
    public ColumnValues(int capacity) {
        this(capacity, new Weight());
    }

    /// Adds what its values take to `weight`.
    ColumnValues(int capacity, Weight weight) {
        this.capacity = capacity;
        this.nulls = new boolean[capacity];
        this.weight = weight;
    }

    /// SQL NULL.
    public void addNull() {
        nulls[size++] = true;
    }

    /// A whole number, or 1 for true.
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
        add(value, value == null ? 0 : value.length);
    }

    /// Something small that is no number, null for SQL NULL.
    public void addObject(@Nullable Object value) {
        add(value, 0);
    }

    private void add(@Nullable Object value, int length) {
        if (objects.length == 0) {
            objects = new @Nullable Object[capacity];
        }
        nulls[size] = value == null;
        objects[size++] = value;
        weight.bytes += BYTES_OF_AN_OBJECT + (long) length;
    }

    /// True for SQL NULL.
    public boolean isNull(int row) {
        return nulls[row];
    }

    /// What [#addNumber] took.
    public long number(int row) {
        return numbers[row];
    }

    /// What [#addReal] took.
    public double real(int row) {
        return Double.longBitsToDouble(numbers[row]);
    }

    /// What [#addText], [#addBytes] or [#addObject] took. Not to be asked for SQL NULL.
    public Object object(int row) {
        return Objects.requireNonNull(objects[row]);
    }

    /// Forgets all values, so that none lives longer than its turn.
    void clear() {
        Arrays.fill(objects, 0, Math.min(size, objects.length), null);
        size = 0;
    }
}
