package io.dstream.mssql.standin.faults;

import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Lets statements wait before they run. Thread-safe.
public final class Delay implements StatementInterceptor {

    private final Predicate<String> matching;
    private final Duration time;

    /// Those that are `matching`, by their text.
    public Delay(Predicate<String> matching, Duration time) {
        this.matching = matching;
        this.time = time;
    }

    @Override
    public boolean intercept(String sql, List<SqlParameter> parameters, Answers answers) throws InterruptedException {
        if (matching.test(sql)) {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }
        return false;
    }
}
