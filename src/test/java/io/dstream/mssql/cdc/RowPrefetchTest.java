package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dstream.mssql.cdc.CapturedColumn.SqlType;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.testing.Poll;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RowPrefetchTest {

    private static final CaptureInstance INSTANCE = new CaptureInstance(
            new TableName("dbo", "orders"),
            "dbo_orders",
            1,
            List.of(new CapturedColumn("price", 1, new SqlType("bigint", 8, 0, 0), false)));
    private static final ColumnGetter NUMBER = (row, index, values) -> values.addNumber(row.getLong(index));

    /// A row of its own that no batch but a heavy one can hold.
    private static final ColumnGetter HEAVY = (_, _, values) -> values.addBytes(new byte[3 * 1024 * 1024]);

    private final AtomicInteger cancels = new AtomicInteger();
    private FetchAheadLimit limit = new FetchAheadLimit(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 127, 128, 129, 1152, 1153, 2176, 2177, 10_000})
    void givesEveryRowOnceAndInOrderWithoutFetchingAhead(int rows) throws Exception {
        limit = new FetchAheadLimit(0);

        givesEveryRowOnceAndInOrder(rows);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 127, 128, 129, 1152, 1153, 2176, 2177, 10_000})
    void givesEveryRowOnceAndInOrder(int rows) throws Exception {
        List<Long> read = new ArrayList<>();
        try (RowPrefetch prefetch = prefetch(FakeResult.of(rows), NUMBER)) {
            assertThat(prefetch.begin()).isTrue();
            readAll(prefetch, read);
        }

        assertThat(read).isEqualTo(LongStream.rangeClosed(1, rows).boxed().toList());
        assertThat(cancels).hasValue(0);
    }

    /// Each batch is full of the same bytes, however often it was filled, and another thread finds all of them.
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void fillsBatchesWithShortByteStringsAgainAndAgain(int tables) throws Exception {
        limit = new FetchAheadLimit(tables);
        // 256 KiB of a small batch's 128 rows and of a large one's 1,024.
        int length = tables == 0 ? 1_024 : 900;
        int full = tables == 0 ? 128 : 292;
        ColumnGetter bytes = (row, index, values) -> {
            byte[] value = new byte[length];
            Arrays.fill(value, (byte) row.getLong(index));
            values.addBytes(value);
        };
        int rows = 10_000;
        int number = 0;
        try (RowPrefetch prefetch = prefetch(FakeResult.of(rows), bytes)) {
            prefetch.begin();
            Optional<RowBatch> next = Optional.of(prefetch.first());
            while (next.isPresent()) {
                RowBatch batch = next.get();
                assertThat(batch.size()).isIn(128, full, rows - number);
                for (int row = 0; row < batch.size(); row++) {
                    number++;
                    ColumnValues column = batch.column(0);
                    int from = column.bytesFrom(row);
                    assertThat(column.bytesLength(row)).isEqualTo(length);
                    assertThat(column.bytes(row)[from]).isEqualTo((byte) number);
                    assertThat(column.bytes(row)[from + length - 1]).isEqualTo((byte) number);
                }
                next = prefetch.next(batch);
            }
        }
        assertThat(number).isEqualTo(rows);
    }

    @Test
    void hasNothingToGiveOfAnEmptyResult() throws SQLException {
        try (RowPrefetch prefetch = prefetch(FakeResult.of(0), NUMBER)) {
            assertThat(prefetch.begin()).isFalse();
        }

        assertThat(cancels).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 128, 1152, 5000})
    void givesTheRowsBeforeAnErrorAndThenTheErrorWithoutFetchingAhead(int rows) throws SQLException {
        limit = new FetchAheadLimit(0);

        givesTheRowsBeforeAnErrorAndThenTheError(rows);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 128, 1152, 5000})
    void givesTheRowsBeforeAnErrorAndThenTheError(int rows) throws SQLException {
        SQLException lost = new SQLException("connection reset", "08S01");
        List<Long> read = new ArrayList<>();
        try (RowPrefetch prefetch = prefetch(FakeResult.failing(rows, lost), NUMBER)) {
            prefetch.begin();
            assertThatThrownBy(() -> readAll(prefetch, read)).isSameAs(lost);
        }

        assertThat(read).hasSize(rows).endsWith((long) rows);
    }

    @Test
    void namesTheColumnOfAValueThatNobodyCanRead() throws SQLException {
        ColumnGetter unreadable = (row, index, values) -> {
            if (row.getLong(index) == 1500) {
                throw new SQLException("the conversion is not supported");
            }
            values.addNumber(1);
        };
        List<Long> read = new ArrayList<>();
        try (RowPrefetch prefetch = prefetch(FakeResult.of(3000), unreadable)) {
            prefetch.begin();
            assertThatExceptionOfType(PermanentFailure.class)
                    .isThrownBy(() -> readAll(prefetch, read))
                    .withMessageContainingAll("dbo.orders", "price", "the conversion is not supported");
        }

        assertThat(read).hasSize(1499);
    }

    @Test
    void fetchesNoFurtherThanItsBatchesHaveRoomAndCancelsTheRest() throws Exception {
        FakeResult result = FakeResult.of(1_000_000);
        int room = 128 + 2 * 1024;
        try (RowPrefetch prefetch = prefetch(result, NUMBER)) {
            prefetch.begin();
            RowBatch first = prefetch.first();
            Poll.until(() -> result.current() == room + 1, result::current);
            assertThat(first.size()).isEqualTo(128);
        }

        assertThat(result.current()).isEqualTo(room + 1);
        assertThat(cancels).hasValue(1);
    }

    @Test
    void fetchesAheadOnlyAsLongAsFewEnoughDo() throws Exception {
        try (RowPrefetch ahead = prefetch(FakeResult.of(5000), NUMBER)) {
            ahead.begin();
            ahead.first();
            FakeResult result = FakeResult.of(5000);
            try (RowPrefetch other = prefetch(result, NUMBER)) {
                other.begin();
                RowBatch batch = other.first();
                assertThat(result.current()).isEqualTo(128 + 1);
                assertThat(other.next(batch)).contains(batch);
                assertThat(result.current()).isEqualTo(2 * 128 + 1);
            }
            assertThat(limit.tryTake()).isFalse();
        }

        assertThat(cancels).hasValue(2);
        assertThat(limit.tryTake()).isTrue();
        assertThat(limit.tryTake()).isFalse();
    }

    @Test
    void hasOneHeavyBatchAtATime() throws Exception {
        FakeResult result = FakeResult.of(20);
        try (RowPrefetch prefetch = prefetch(result, HEAVY)) {
            prefetch.begin();
            Optional<RowBatch> batch = Optional.of(prefetch.first());
            int rows = 0;
            while (batch.isPresent()) {
                rows += batch.get().size();
                assertThat(batch.get().size()).isEqualTo(1);
                assertThat(result.current()).isLessThanOrEqualTo(rows + 1);
                batch = prefetch.next(batch.get());
            }
            assertThat(rows).isEqualTo(20);
        }
    }

    @Test
    void anInterruptEndsTheFetchingToo() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(1);
        try (RowPrefetch prefetch = prefetch(FakeResult.of(5000), stallingAfterABatch(stuck, woken))) {
            prefetch.begin();
            RowBatch first = prefetch.first();
            stuck.await();
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> prefetch.next(first));
        }

        assertThat(woken.getCount()).isZero();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anErrorReachesWhoeverWaitsForRows() throws SQLException {
        StackOverflowError broken = new StackOverflowError("on purpose");
        ColumnGetter breaks = (row, index, values) -> {
            if (row.getLong(index) == 1500) {
                throw broken;
            }
            values.addNumber(1);
        };
        List<Long> read = new ArrayList<>();
        try (RowPrefetch prefetch = prefetch(FakeResult.of(3000), breaks)) {
            prefetch.begin();
            assertThatThrownBy(() -> readAll(prefetch, read)).isSameAs(broken);
        }

        assertThat(read).hasSize(1499);
    }

    @Test
    void closingEndsAFetchingThatDoesNotHeedTheCancel() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(1);
        try (RowPrefetch prefetch = prefetch(FakeResult.of(5000), stallingAfterABatch(stuck, woken))) {
            prefetch.begin();
            prefetch.first();
            stuck.await();
        }

        assertThat(woken.getCount()).isZero();
        assertThat(cancels).hasValue(1);
    }

    @Test
    void closesWhileTheFetchingWaitsForAHeavyBatchToBeDone() throws Exception {
        FakeResult result = FakeResult.of(20);
        try (RowPrefetch prefetch = prefetch(result, HEAVY)) {
            prefetch.begin();
            prefetch.next(prefetch.first());
        }

        assertThat(result.current()).isLessThan(5);
        assertThat(cancels).hasValue(1);
    }

    /// Only an interrupt ends its wait.
    private static ColumnGetter stallingAfterABatch(CountDownLatch stuck, CountDownLatch woken) {
        return (row, index, values) -> {
            if (row.getLong(index) > 1024) {
                stuck.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    woken.countDown();
                    throw new SQLException("Closed by interrupt", "08S01");
                }
            }
            values.addNumber(1);
        };
    }

    private RowPrefetch prefetch(FakeResult result, ColumnGetter getter) {
        RowQuery query = new RowQuery(false, false);
        Statement statement = (Statement) Proxy.newProxyInstance(
                RowPrefetchTest.class.getClassLoader(), new Class<?>[] {Statement.class}, (_, method, _) -> {
                    assertThat(method.getName()).isEqualTo("cancel");
                    return cancels.incrementAndGet();
                });
        return new RowPrefetch(new RowFetcher(query, INSTANCE, List.of(getter), result.resultSet()), statement, limit);
    }

    private static void readAll(RowPrefetch prefetch, List<Long> into) throws Exception {
        Optional<RowBatch> next = Optional.of(prefetch.first());
        while (next.isPresent()) {
            RowBatch batch = next.get();
            for (int i = 0; i < batch.size(); i++) {
                assertThat(batch.column(0).isNull(i)).isFalse();
                into.add(batch.commitLsn(i).high());
            }
            next = prefetch.next(batch);
        }
    }
}
