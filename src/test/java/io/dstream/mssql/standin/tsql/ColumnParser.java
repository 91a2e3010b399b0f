package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.tsql.DdlStatement.ColumnDefinition;
import io.dstream.mssql.standin.tsql.DdlStatement.Identity;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one column of CREATE TABLE and ALTER TABLE.
final class ColumnParser {

    private final TokenReader reader;

    ColumnParser(TokenReader reader) {
        this.reader = reader;
    }

    ColumnDefinition column() throws SqlServerError {
        String name = reader.expectName();
        Optional<TypeName> type = Optional.empty();
        List<Token> computedAs = List.of();
        if (reader.acceptWord("AS")) {
            computedAs = inParentheses();
            reader.acceptWord("PERSISTED");
        } else {
            type = Optional.of(new TypeParser(reader).type());
        }
        return rest(name, type, computedAs);
    }

    private ColumnDefinition rest(String name, Optional<TypeName> type, List<Token> computedAs) throws SqlServerError {
        Optional<Boolean> nullable = Optional.empty();
        Optional<Identity> identity = Optional.empty();
        List<Token> defaultValue = List.of();
        boolean primaryKey = false;
        boolean unique = false;
        boolean more = true;
        while (more) {
            if (reader.acceptWords("NOT", "NULL")) {
                nullable = Optional.of(false);
            } else if (reader.acceptWord("NULL")) {
                nullable = Optional.of(true);
            } else if (reader.acceptWord("IDENTITY")) {
                identity = Optional.of(identity());
            } else if (reader.acceptWord("COLLATE")) {
                reader.expectName();
            } else if (reader.acceptWord("SPARSE")) {
                nullable = Optional.of(true);
            } else {
                if (reader.acceptWord("CONSTRAINT")) {
                    reader.expectName();
                }
                if (reader.acceptWord("DEFAULT")) {
                    defaultValue = defaultValue();
                } else if (reader.acceptWords("PRIMARY", "KEY")) {
                    primaryKey = true;
                    if (!reader.acceptWord("CLUSTERED")) {
                        reader.acceptWord("NONCLUSTERED");
                    }
                } else if (reader.acceptWord("UNIQUE")) {
                    unique = true;
                } else {
                    more = false;
                }
            }
        }
        return new ColumnDefinition(name, type, nullable, identity, defaultValue, computedAs, primaryKey, unique);
    }

    private Identity identity() throws SqlServerError {
        if (!reader.acceptSymbol("(")) {
            return new Identity(1, 1);
        }
        int seed = reader.expectInteger();
        reader.expectSymbol(",");
        int increment = reader.expectInteger();
        reader.expectSymbol(")");
        return new Identity(seed, increment);
    }

    /// A literal, a call without arguments, or anything in parentheses.
    private List<Token> defaultValue() throws SqlServerError {
        if (reader.peek().isSymbol("(")) {
            return inParentheses();
        }
        List<Token> tokens = new ArrayList<>();
        if (reader.peek().isSymbol("-")) {
            tokens.add(reader.next());
        }
        tokens.add(reader.next());
        if (reader.peek().isSymbol("(")) {
            tokens.addAll(inParentheses());
        }
        return tokens;
    }

    private List<Token> inParentheses() throws SqlServerError {
        if (!reader.peek().isSymbol("(")) {
            throw SyntaxErrors.near(reader.peek());
        }
        List<Token> tokens = new ArrayList<>();
        int depth = 0;
        do {
            Token token = reader.next();
            if (token.kind() == Token.Kind.END) {
                throw SyntaxErrors.near(token);
            }
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            tokens.add(token);
        } while (depth > 0);
        return tokens;
    }
}
