package io.dstream.mssql.standin.faults;

import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// Counts every statement and call that reaches the server, by kind, and lets each pass. Thread-safe.
public final class StatementLog implements StatementInterceptor {

    private final Function<String, String> kindOf;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /// The kind of a statement is its text.
    public StatementLog() {
        this(Function.identity());
    }

    /// `kindOf` answers a statement's kind. Called on the sessions' threads.
    public StatementLog(Function<String, String> kindOf) {
        this.kindOf = kindOf;
    }

    @Override
    public boolean intercept(String sql, List<SqlParameter> parameters, Answers answers) {
        counts.computeIfAbsent(kindOf.apply(sql), kind -> new LongAdder()).increment();
        return false;
    }

    /// Statements of `kind` since the last [#reset].
    public long count(String kind) {
        LongAdder count = counts.get(kind);
        return count == null ? 0 : count.sum();
    }

    /// Statements whose kind contains `part`.
    public long countContaining(String part) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().contains(part))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }

    /// All statements since the last [#reset].
    public long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /// Every kind and how many there were, for messages.
    public Map<String, Long> counts() {
        Map<String, Long> copy = new TreeMap<>();
        counts.forEach((kind, count) -> copy.put(kind, count.sum()));
        return copy;
    }

    /// Starts to count anew.
    public void reset() {
        counts.clear();
    }
}
