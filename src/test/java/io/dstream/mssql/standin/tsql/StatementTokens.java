package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Finds where statements and expressions end: T-SQL does not ask for semicolons.
final class StatementTokens {

    private static final Set<String> SET_OPERATORS = Set.of("UNION", "ALL", "EXCEPT", "INTERSECT");

    private final TokenReader reader;

    StatementTokens(TokenReader reader) {
        this.reader = reader;
    }

    List<Token> select() throws SqlServerError {
        return collect(Set.of("SELECT"), false);
    }

    /// A SELECT with what stands before it: `WITH name AS (..), ..`.
    List<Token> with() throws SqlServerError {
        return collect(Set.of("WITH", "SELECT"), false);
    }

    List<Token> insert() throws SqlServerError {
        return collect(Set.of("INSERT", "SELECT"), false);
    }

    List<Token> update() throws SqlServerError {
        return collect(Set.of("UPDATE", "SET"), false);
    }

    List<Token> delete() throws SqlServerError {
        return collect(Set.of("DELETE"), false);
    }

    /// Up to its semicolon, which MERGE must have (error 10713).
    List<Token> merge() throws SqlServerError {
        List<Token> tokens = new ArrayList<>();
        while (!reader.atEnd() && !reader.peek().isSymbol(";")) {
            tokens.add(reader.next());
        }
        if (reader.atEnd()) {
            throw new SqlServerError(10713, 15, 1, "A MERGE statement must be terminated by a semi-colon (;).");
        }
        return tokens;
    }

    /// An expression that ends where the next statement begins.
    List<Token> expression() throws SqlServerError {
        return notEmpty(collect(Set.of(), false));
    }

    /// An expression that ends there or at a comma.
    List<Token> expressionInList() throws SqlServerError {
        return notEmpty(collect(Set.of(), true));
    }

    /// Expressions with commas between, perhaps none.
    List<List<Token>> expressions() throws SqlServerError {
        List<List<Token>> all = new ArrayList<>();
        List<Token> first = collect(Set.of(), true);
        if (first.isEmpty()) {
            return all;
        }
        all.add(first);
        while (reader.acceptSymbol(",")) {
            all.add(expressionInList());
        }
        return all;
    }

    /// The words of a SET option.
    List<Token> option() throws SqlServerError {
        return notEmpty(collect(Set.of(), false));
    }

    private List<Token> notEmpty(List<Token> tokens) throws SqlServerError {
        if (tokens.isEmpty()) {
            throw SyntaxErrors.near(reader.peek());
        }
        return tokens;
    }

    /// `own` are the words that would begin a statement and here, once each, belong to this one.
    private List<Token> collect(Set<String> own, boolean endsAtComma) {
        List<Token> tokens = new ArrayList<>();
        List<String> left = new ArrayList<>(own);
        int depth = 0;
        int cases = 0;
        while (!reader.atEnd()) {
            Token token = reader.peek();
            if (depth == 0 && (token.isSymbol(";") || (endsAtComma && token.isSymbol(",")))) {
                break;
            }
            boolean inCase = cases > 0 && (token.isWord("ELSE") || token.isWord("END"));
            if (depth == 0 && !inCase && Keywords.startsStatement(token) && !belongs(token, tokens, left)) {
                break;
            }
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            if (depth < 0) {
                break;
            }
            if (depth == 0) {
                if (token.isWord("VALUES")) {
                    // The driver appends a SELECT of the generated key to INSERT .. VALUES.
                    left.remove("SELECT");
                }
                cases += token.isWord("CASE") ? 1 : token.isWord("END") ? -1 : 0;
            }
            tokens.add(reader.next());
        }
        return tokens;
    }

    private static boolean belongs(Token token, List<Token> before, List<String> left) {
        if (left.remove(Keywords.upper(token.text()))) {
            return true;
        }
        boolean afterOperator = !before.isEmpty()
                && before.getLast().kind() == Token.Kind.WORD
                && SET_OPERATORS.contains(Keywords.upper(before.getLast().text()));
        boolean afterDot = !before.isEmpty() && before.getLast().isSymbol(".");
        return (token.isWord("SELECT") && afterOperator) || afterDot;
    }
}
