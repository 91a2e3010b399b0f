package io.dstream.mssql.bench;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import io.dstream.mssql.standin.wire.TdsRowEncoder;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Answers out of memory where a window ends and when its transactions were committed, as [SyntheticSource] answers
/// for rows: with one row a transaction there are as many commit times as rows. Debezium's rows have theirs with
/// them. Other questions for `cdc.lsn_time_mapping` are left to the stand-in. Thread-safe.
final class SyntheticMapping {

    private static final Pattern COMMIT_TIMES =
            Pattern.compile("^SELECT m\\.start_lsn AS start_lsn, m\\.tran_end_time AS tran_end_time\\s");
    private static final Pattern WINDOW_END =
            Pattern.compile("^SELECT COUNT\\(\\*\\) AS transaction_count, MAX\\(w\\.start_lsn\\) AS last_lsn\\s");

    private static final SqlType LSN = new SqlType(Base.BINARY, 10, 0, 0);
    private static final List<SqlColumn> TIME_COLUMNS = List.of(
            new SqlColumn("start_lsn", LSN, false), new SqlColumn("tran_end_time", SqlType.of(Base.DATETIME), true));
    private static final List<SqlColumn> END_COLUMNS = List.of(
            new SqlColumn("transaction_count", SqlType.of(Base.INT), true), new SqlColumn("last_lsn", LSN, true));

    private final Lsn[] lsns;

    /// A row for each, all of the same length.
    private final byte[] times;

    /// `lsns` ascending.
    SyntheticMapping(Collection<Lsn> lsns) {
        this.lsns = lsns.toArray(Lsn[]::new);
        TdsRowEncoder encoder = TdsRowEncoder.forColumns(TIME_COLUMNS);
        for (Lsn lsn : lsns) {
            encoder.add(new Object[] {lsn.toBytes(), SyntheticRows.COMMIT_TIME.toLocalDateTime()});
        }
        this.times = encoder.toByteArray();
    }

    /// False for any other question.
    boolean answer(String sql, List<SqlParameter> parameters, Answers answers) throws IOException {
        if (COMMIT_TIMES.matcher(sql).find()) {
            answerTimes(parameters.get(0), parameters.get(1), answers);
            return true;
        }
        if (WINDOW_END.matcher(sql).find()) {
            answerEnd((int) value(parameters.get(0)), parameters.get(1), parameters.get(2), answers);
            return true;
        }
        return false;
    }

    private void answerTimes(SqlParameter from, SqlParameter to, Answers answers) throws IOException {
        int begin = begin(from);
        int end = Math.max(begin, end(to));
        int length = times.length / lsns.length;
        answers.columns(TIME_COLUMNS);
        answers.encodedRows(Arrays.copyOfRange(times, begin * length, end * length), end - begin);
        answers.done(Answers.StatementKind.SELECT, end - begin);
    }

    private void answerEnd(int most, SqlParameter from, SqlParameter to, Answers answers) throws IOException {
        int begin = begin(from);
        int end = Math.clamp(end(to), begin, begin + most);
        answers.columns(END_COLUMNS);
        answers.row(new @Nullable Object[] {end - begin, end == begin ? null : lsns[end - 1].toBytes()});
        answers.done(Answers.StatementKind.SELECT, 1);
    }

    /// The place of `from` or, where there is no such transaction, of the first behind it.
    private int begin(SqlParameter from) {
        int found = find(from);
        return found >= 0 ? found : -found - 1;
    }

    /// The place behind `to`.
    private int end(SqlParameter to) {
        int found = find(to);
        return found >= 0 ? found + 1 : -found - 1;
    }

    private int find(SqlParameter lsn) {
        return Arrays.binarySearch(lsns, Lsn.of((byte[]) value(lsn)));
    }

    private static Object value(SqlParameter parameter) {
        return Objects.requireNonNull(parameter.value());
    }
}
