package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.tsql.H2Types;
import io.dstream.mssql.standin.tsql.Rewriter;
import io.dstream.mssql.standin.tsql.Rewritten;
import io.dstream.mssql.standin.tsql.Scope;
import io.dstream.mssql.standin.tsql.Token;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Has H2 evaluate single expressions.
final class Evaluator {

    private final EngineSession session;
    private final Scope scope;

    Evaluator(EngineSession session, Scope scope) {
        this.session = session;
        this.scope = scope;
    }

    /// In its own type.
    @Nullable
    Object value(List<Token> expression) throws SQLException, SqlServerError {
        return run(Rewriter.expression(expression, scope, "", ""), null);
    }

    /// Converted to `type`.
    @Nullable
    Object value(List<Token> expression, SqlType type) throws SQLException, SqlServerError {
        String after = " AS " + H2Types.of(type) + ")";
        return run(Rewriter.expression(expression, scope, "CAST(", after), type);
    }

    /// What EXEC passes: a bare word is a string there.
    @Nullable
    Object argument(List<Token> expression) throws SQLException, SqlServerError {
        Token only = expression.getFirst();
        boolean bareWord = only.kind() == Token.Kind.QUOTED
                || (only.kind() == Token.Kind.WORD && !only.text().equalsIgnoreCase("NULL"));
        return bareWord ? only.text() : value(expression);
    }

    /// A value in hand converted to `type`, for an assignment.
    @Nullable
    Object convert(@Nullable Object value, SqlType from, SqlType type) throws SQLException, SqlServerError {
        String sql = "SELECT CAST(CAST(?1 AS " + H2Types.of(from) + ") AS " + H2Types.of(type) + ")";
        return run(new Rewritten(sql, List.of(new Scope.Bound(from, value)), List.of(), Map.of()), type);
    }

    /// Whether a condition holds; unknown is no.
    boolean holds(List<Token> condition) throws SQLException, SqlServerError {
        return Integer.valueOf(1)
                .equals(run(Rewriter.expression(condition, scope, "CASE WHEN ", " THEN 1 ELSE 0 END"), null));
    }

    private @Nullable Object run(Rewritten rewritten, @Nullable SqlType type) throws SQLException, SqlServerError {
        try (PreparedStatement statement = session.h2().prepareStatement(rewritten.sql())) {
            H2Values.bind(statement, rewritten.parameters());
            session.setRunning(statement);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                List<SqlColumn> columns =
                        ResultColumns.of(rows.getMetaData(), session.home().catalog(), Map.of(), session.h2());
                return H2Values.read(rows, 1, type == null ? columns.getFirst().type() : type);
            }
        } finally {
            session.setRunning(null);
        }
    }
}
