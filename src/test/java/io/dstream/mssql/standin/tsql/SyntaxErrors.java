package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;

/// How SQL Server refuses what it cannot read; also how we refuse what this stand-in does not know.
public final class SyntaxErrors {

    private SyntaxErrors() {}

    /// Error 102, or 156 for a keyword.
    public static SqlServerError near(Token token) {
        boolean keyword = token.kind() == Token.Kind.WORD && Keywords.isReserved(token.text());
        return keyword
                ? new SqlServerError(156, 15, 1, "Incorrect syntax near the keyword '" + token.text() + "'.")
                : near(token.text());
    }

    /// Error 102.
    public static SqlServerError near(String text) {
        return new SqlServerError(102, 15, 1, "Incorrect syntax near '" + text + "'.");
    }

    /// A real server may accept it, the stand-in does not.
    public static SqlServerError unsupported(String what) {
        return new SqlServerError(102, 15, 1, "Incorrect syntax near '" + what + "'. (The stand-in does not know it.)");
    }

    /// Error 195.
    public static SqlServerError unknownFunction(String name) {
        return new SqlServerError(195, 15, 10, "'" + name + "' is not a recognized built-in function name.");
    }

    /// Error 208.
    public static SqlServerError unknownObject(String name) {
        return new SqlServerError(208, "Invalid object name '" + name + "'.");
    }

    /// Error 137.
    public static SqlServerError undeclared(String variable) {
        return new SqlServerError(137, 15, 2, "Must declare the scalar variable \"" + variable + "\".");
    }
}
