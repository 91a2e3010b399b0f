package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the name of a type.
final class TypeParser {

    private final TokenReader reader;

    TypeParser(TokenReader reader) {
        this.reader = reader;
    }

    TypeName type() throws SqlServerError {
        if (reader.acceptWords("DOUBLE", "PRECISION")) {
            return new TypeName(new ObjectName(Optional.empty(), Optional.empty(), "double precision"), List.of());
        }
        ObjectName name = reader.expectObjectName();
        List<Integer> arguments = new ArrayList<>();
        if (reader.acceptSymbol("(")) {
            do {
                arguments.add(reader.acceptWord("MAX") ? -1 : reader.expectInteger());
            } while (reader.acceptSymbol(","));
            reader.expectSymbol(")");
        }
        return new TypeName(name, arguments);
    }
}
