package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The result of a system procedure: columns, then rows.
final class ReportRows {

    static final SqlType NAME = new SqlType(Base.NVARCHAR, 128, 0, 0);
    static final SqlType TEXT = new SqlType(Base.VARCHAR, 254, 0, 0);
    static final SqlType NUMBER = SqlType.of(Base.INT);
    static final SqlType SMALL = SqlType.of(Base.SMALLINT);

    private final List<SqlColumn> columns = new ArrayList<>();
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    /// The next columns, all of one type.
    ReportRows with(SqlType type, String... names) {
        for (String name : names) {
            columns.add(new SqlColumn(name, type, true));
        }
        return this;
    }

    /// One value a column; an empty `Optional` is NULL.
    void add(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns");
        }
        @Nullable Object[] row = new @Nullable Object[values.length];
        for (int i = 0; i < values.length; i++) {
            row[i] = values[i] instanceof Optional<?> optional ? optional.orElse(null) : values[i];
        }
        rows.add(row);
    }

    void answer(Answers answers) throws IOException {
        answers.columns(columns);
        for (@Nullable Object[] row : rows) {
            answers.row(row);
        }
        answers.done(StatementKind.SELECT, rows.size());
    }
}
