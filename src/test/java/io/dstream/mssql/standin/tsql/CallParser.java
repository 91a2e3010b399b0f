package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what follows EXEC: `[@r =] name [[@p =] value [OUTPUT]], ..`. `EXEC('text')` is refused.
final class CallParser {

    private final TokenReader reader;
    private final StatementTokens tokens;

    CallParser(TokenReader reader, StatementTokens tokens) {
        this.reader = reader;
        this.tokens = tokens;
    }

    ControlStatement.Execute call() throws SqlServerError {
        Optional<String> result = Optional.empty();
        if (reader.peek().kind() == Token.Kind.VARIABLE && reader.peek(1).isSymbol("=")) {
            result = Optional.of(reader.next().text());
            reader.expectSymbol("=");
        }
        ObjectName procedure = reader.expectObjectName();
        return new ControlStatement.Execute(result, procedure, arguments());
    }

    private List<ControlStatement.Argument> arguments() throws SqlServerError {
        List<ControlStatement.Argument> arguments = new ArrayList<>();
        Token next = reader.peek();
        if (reader.atEnd() || next.isSymbol(";") || Keywords.startsStatement(next)) {
            return arguments;
        }
        do {
            arguments.add(argument());
        } while (reader.acceptSymbol(","));
        return arguments;
    }

    private ControlStatement.Argument argument() throws SqlServerError {
        Optional<String> name = Optional.empty();
        if (reader.peek().kind() == Token.Kind.VARIABLE && reader.peek(1).isSymbol("=")) {
            name = Optional.of(reader.next().text());
            reader.expectSymbol("=");
        }
        List<Token> value = new ArrayList<>(tokens.expressionInList());
        boolean output = value.getLast().isWord("OUTPUT") || value.getLast().isWord("OUT");
        if (output) {
            value.removeLast();
        }
        boolean signed = value.size() == 2 && value.getFirst().isSymbol("-");
        if (value.size() != 1 && !signed) {
            throw SyntaxErrors.near(value.size() < 2 ? reader.peek() : value.get(1));
        }
        return new ControlStatement.Argument(name, value, output);
    }
}
