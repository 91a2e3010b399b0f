package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.io.IOException;
import java.util.List;

/// Sees every batch and call before it runs: to count, delay, fail or answer it. Called on the session's thread.
@FunctionalInterface
public interface StatementInterceptor {

    /// True when it answered, so that nothing runs. For a call `sql` is the procedure's name.
    boolean intercept(String sql, List<SqlParameter> parameters, Answers answers)
            throws SqlServerError, IOException, InterruptedException;
}
