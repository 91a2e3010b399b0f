package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the names in a statement mean where it runs.
public interface Scope {

    /// A value with its type; it is bound, never spliced as text.
    record Bound(SqlType type, @Nullable Object value) {}

    /// What a statement does to a table.
    enum Access {
        SELECT,
        INSERT,
        UPDATE,
        DELETE
    }

    /// The value of `@x` or `@@x`. Errors: 137.
    Bound variable(String name) throws SqlServerError;

    /// The table's name for H2. Errors: 208 where it is not there, 229 where the session may not.
    String table(ObjectName name, Access access) throws SqlServerError;

    /// Whether it is the name of the database that the statement runs in.
    boolean isCurrent(String database);

    /// The columns that an INSERT without a list of them fills.
    List<String> insertColumns(ObjectName table) throws SqlServerError;

    /// Refuses a column list that an INSERT may not have: error 544.
    void checkInsertColumns(ObjectName table, List<String> columns) throws SqlServerError;

    /// The SELECT of H2 that stands for a call of a function in FROM. Errors: 208, 229, 313.
    String tableFunction(ObjectName function, List<List<Token>> arguments) throws SqlServerError;

    /// The built-in type behind a name, alias types resolved. Errors: 243.
    SqlType type(TypeName name, int defaultLength) throws SqlServerError;
}
