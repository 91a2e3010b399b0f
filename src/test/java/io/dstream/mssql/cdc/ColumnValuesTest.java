package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What was added is what is found, however it is kept.
final class ColumnValuesTest {

    private static final int ROWS = 64;

    private final BatchBytes bytes = new BatchBytes();
    private final ColumnValues name = new ColumnValues(ROWS, bytes);
    private final ColumnValues remark = new ColumnValues(ROWS, bytes);

    @Test
    void keepsByteStringsOfAllLengthsAndColumns() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int batch = 0; batch < 50; batch++) {
            byte[][] names = new byte[ROWS][];
            byte[][] remarks = new byte[ROWS][];
            for (int row = 0; row < ROWS; row++) {
                names[row] = bytes(random);
                name.addBytes(names[row]);
                remarks[row] = bytes(random);
                remark.addBytes(remarks[row]);
            }
            for (int row = 0; row < ROWS; row++) {
                assertThat(found(name, row)).as("seed %d, row %d", seed, row).isEqualTo(names[row]);
                assertThat(found(remark, row)).as("seed %d, row %d", seed, row).isEqualTo(remarks[row]);
            }
            name.clear();
            remark.clear();
            bytes.clear();
        }
    }

    private static byte @Nullable [] bytes(Random random) {
        if (random.nextInt(5) == 0) {
            return null;
        }
        byte[] value = new byte[random.nextInt(random.nextInt(10) == 0 ? 3_000 : 40)];
        random.nextBytes(value);
        return value;
    }

    private static byte @Nullable [] found(ColumnValues column, int row) {
        if (column.isNull(row)) {
            return null;
        }
        int from = column.bytesFrom(row);
        return Arrays.copyOfRange(column.bytes(row), from, from + column.bytesLength(row));
    }

    @Test
    void doesNotCopyLongByteStrings() {
        byte[] value = new byte[100_000];
        name.addBytes(value);

        assertThat(name.bytes(0)).isSameAs(value);
        assertThat(bytes.weight()).isBetween(100_000L, 100_100L);
    }

    @Test
    void countsWhatShortByteStringsTake() {
        name.addBytes(new byte[1_000]);
        remark.addBytes(new byte[24]);

        assertThat(bytes.weight()).isEqualTo(1_024);
        bytes.clear();
        assertThat(bytes.weight()).isZero();
    }

    @Test
    void tellsNumbersFromObjects() {
        name.addNumber(7);
        name.addObject("large");
        name.addNull();
        assertThat(name.isObject(0)).isFalse();
        assertThat(name.isObject(1)).isTrue();
        assertThat(name.isNull(2)).isTrue();

        name.clear();
        name.addObject(null);
        name.addNumber(8);
        assertThat(name.isNull(0)).isTrue();
        assertThat(name.isObject(1)).isFalse();
        assertThat(name.number(1)).isEqualTo(8);
    }
}
