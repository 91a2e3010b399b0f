package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps what a session answers.
final class RecordingAnswers implements Answers {

    final List<List<SqlColumn>> results = new ArrayList<>();
    final List<List<@Nullable Object>> rows = new ArrayList<>();
    final List<String> done = new ArrayList<>();
    final List<String> infos = new ArrayList<>();
    final List<Object> outputs = new ArrayList<>();
    final List<String> databases = new ArrayList<>();
    final List<Integer> statuses = new ArrayList<>();

    /// The first value of the last row.
    @Nullable
    Object value() {
        return rows.getLast().getFirst();
    }

    @Override
    public void columns(List<SqlColumn> columns) {
        results.add(columns);
    }

    @Override
    public void row(@Nullable Object[] values) {
        rows.add(new ArrayList<>(Arrays.asList(values)));
    }

    @Override
    public void encodedRows(byte[] encoded, int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void done(StatementKind kind, long count) {
        done.add(kind + " " + count);
    }

    @Override
    public void info(int number, String message) {
        infos.add(message);
    }

    @Override
    public void output(int parameterIndex, @Nullable Object value) {
        outputs.add(parameterIndex + "=" + value);
    }

    @Override
    public void returnStatus(int status) {
        statuses.add(status);
    }

    @Override
    public void databaseChanged(String database) {
        databases.add(database);
    }
}
