package io.dstream.mssql.standin.faults;

import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Answers the n-th matching statement with an error and lets all others run. Thread-safe.
public final class FailNth implements StatementInterceptor {

    private final Predicate<String> matching;
    private final int first;
    private final int last;
    private final SqlServerError error;
    private final AtomicInteger matches = new AtomicInteger();

    private FailNth(Predicate<String> matching, int first, int last, SqlServerError error) {
        this.matching = matching;
        this.first = first;
        this.last = last;
        this.error = error;
    }

    /// Error `number` on the `n`-th match alone, counted from 1.
    public static FailNth once(Predicate<String> matching, int n, int number) {
        return between(matching, n, n, number);
    }

    /// Error `number` on the first `count` matches.
    public static FailNth first(Predicate<String> matching, int count, int number) {
        return between(matching, 1, count, number);
    }

    private static FailNth between(Predicate<String> matching, int first, int last, int number) {
        return new FailNth(matching, first, last, new SqlServerError(number, "Broken on purpose."));
    }

    /// How many statements matched, failed ones among them.
    public int matches() {
        return matches.get();
    }

    @Override
    public boolean intercept(String sql, List<SqlParameter> parameters, Answers answers) throws SqlServerError {
        if (matching.test(sql)) {
            int match = matches.incrementAndGet();
            if (match >= first && match <= last) {
                throw error;
            }
        }
        return false;
    }
}
