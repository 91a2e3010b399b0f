package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// `ALTER TABLE .. ALTER COLUMN` changes the types in the change table too, between our look at them and our query.
final class ColumnChangeIT {

    private static final SqlType NAME = new SqlType(Base.NVARCHAR, 128, 0, 0);
    private static final SqlType INT = SqlType.of(Base.INT);

    private static void answerBigint(Answers answers) throws IOException {
        answers.columns(List.of(
                new SqlColumn("column_name", NAME, true),
                new SqlColumn("column_ordinal", INT, true),
                new SqlColumn("is_computed", SqlType.of(Base.BIT), true),
                new SqlColumn("type_name", NAME, true),
                new SqlColumn("max_length", INT, true),
                new SqlColumn("numeric_precision", INT, true),
                new SqlColumn("numeric_scale", INT, true)));
        answers.row(new Object[] {"id", 1, false, "bigint", 8, 19, 0});
        answers.done(StatementKind.SELECT, 1);
    }

    @Test
    void noRowIsReadWithTheTypesOfBefore() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            assumeTrue(database.standIn().isPresent(), "only the stand-in can be made to answer");
            StandIn standIn = database.standIn().orElseThrow();
            database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
            database.capture("dbo", "t");
            database.run("INSERT INTO dbo.t VALUES (1)");
            database.awaitCaptured("dbo_t", 1);
            AtomicInteger looks = new AtomicInteger();
            AtomicInteger queries = new AtomicInteger();
            StatementInterceptor altered = (sql, parameters, answers) -> {
                if (sql.contains("fn_cdc_get_all_changes_dbo_t")) {
                    queries.incrementAndGet();
                }
                boolean asksForColumns = sql.contains("cdc.captured_columns") && looks.incrementAndGet() > 1;
                if (asksForColumns) {
                    answerBigint(answers);
                }
                return asksForColumns;
            };
            standIn.engine().addInterceptor(altered);
            try {
                assertThat(Drain.of(Configs.of(database, "dbo.t")).texts()).containsExactly("insert {\"id\":1}");
            } finally {
                standIn.engine().removeInterceptor(altered);
            }
            assertThat(queries).as("queries for rows").hasValue(2);
        }
    }
}
