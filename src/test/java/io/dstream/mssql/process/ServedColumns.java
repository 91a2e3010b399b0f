package io.dstream.mssql.process;

import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.io.IOException;
import java.util.List;

/// What the catalogue says of captured columns, for tests that answer in the server's place.
final class ServedColumns {

    private static final SqlType NAME = new SqlType(Base.NVARCHAR, 128, 0, 0);
    private static final SqlType INT = SqlType.of(Base.INT);

    private static final List<SqlColumn> SHAPE = List.of(
            new SqlColumn("column_name", NAME, true),
            new SqlColumn("column_ordinal", INT, true),
            new SqlColumn("is_computed", SqlType.of(Base.BIT), true),
            new SqlColumn("type_name", NAME, true),
            new SqlColumn("max_length", INT, true),
            new SqlColumn("numeric_precision", INT, true),
            new SqlColumn("numeric_scale", INT, true),
            new SqlColumn("source_column_id", INT, true));

    private ServedColumns() {}

    /// Answers with `columns`, each an array of what the query asks for.
    static void answer(Answers answers, Object[]... columns) throws IOException {
        answers.columns(SHAPE);
        for (Object[] column : columns) {
            answers.row(column);
        }
        answers.done(StatementKind.SELECT, columns.length);
    }
}
