package io.dstream.mssql.standin.faults;

import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Keeps statements from running until it is released, whatever their client does meanwhile. Thread-safe.
public final class Stall implements StatementInterceptor, AutoCloseable {

    private final Predicate<String> matching;
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger reached = new AtomicInteger();

    /// Those that are `matching`, by their text.
    public Stall(Predicate<String> matching) {
        this.matching = matching;
    }

    /// How many statements came to wait, also those that wait no more.
    public int reached() {
        return reached.get();
    }

    /// Lets go of those that wait, and stops nobody any more.
    public void release() {
        released.countDown();
    }

    @Override
    public boolean intercept(String sql, List<SqlParameter> parameters, Answers answers) throws InterruptedException {
        if (released.getCount() > 0 && matching.test(sql)) {
            reached.incrementAndGet();
            released.await();
        }
        return false;
    }

    @Override
    public void close() {
        release();
    }
}
