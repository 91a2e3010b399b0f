package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.List;
import java.util.Optional;

/// `database.schema.name` as it was written; absent parts are empty.
public record ObjectName(Optional<String> database, Optional<String> schema, String name) {

    static ObjectName of(List<String> parts) throws SqlServerError {
        int size = parts.size();
        if (size > 3) {
            throw SyntaxErrors.unsupported(String.join(".", parts));
        }
        return new ObjectName(part(parts, size - 3), part(parts, size - 2), parts.get(size - 1));
    }

    /// Reads `[a].[b]`, as it stands in a string. Errors: 102.
    public static ObjectName parse(String text) throws SqlServerError {
        TokenReader reader = new TokenReader(TsqlLexer.tokens(text));
        ObjectName name = reader.expectObjectName();
        if (!reader.atEnd()) {
            throw SyntaxErrors.near(reader.peek());
        }
        return name;
    }

    private static Optional<String> part(List<String> parts, int index) {
        return index < 0 || parts.get(index).isEmpty() ? Optional.empty() : Optional.of(parts.get(index));
    }

    /// As in messages.
    @Override
    public String toString() {
        return database.map(d -> d + ".").orElse("") + schema.map(s -> s + ".").orElse("") + name;
    }
}
