package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;

/// Walks over tokens. `accept..` moves only on a match, `expect..` refuses anything else with error 102.
final class TokenReader {

    private final List<Token> tokens;
    private int at;

    TokenReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int ahead) {
        int index = at + ahead;
        return index >= 0 && index < tokens.size() ? tokens.get(index) : Token.END;
    }

    Token next() {
        Token token = peek();
        at++;
        return token;
    }

    boolean atEnd() {
        return at >= tokens.size();
    }

    boolean acceptWord(String word) {
        return accept(peek().isWord(word));
    }

    boolean acceptWords(String first, String second) {
        boolean both = peek().isWord(first) && peek(1).isWord(second);
        if (both) {
            at += 2;
        }
        return both;
    }

    boolean acceptSymbol(String symbol) {
        return accept(peek().isSymbol(symbol));
    }

    private boolean accept(boolean matches) {
        if (matches) {
            at++;
        }
        return matches;
    }

    void expectWord(String word) throws SqlServerError {
        if (!acceptWord(word)) {
            throw SyntaxErrors.near(peek());
        }
    }

    void expectSymbol(String symbol) throws SqlServerError {
        if (!acceptSymbol(symbol)) {
            throw SyntaxErrors.near(peek());
        }
    }

    String expectName() throws SqlServerError {
        if (!peek().isName()) {
            throw SyntaxErrors.near(peek());
        }
        return next().text();
    }

    String expectVariable() throws SqlServerError {
        if (peek().kind() != Token.Kind.VARIABLE) {
            throw SyntaxErrors.near(peek());
        }
        return next().text();
    }

    int expectInteger() throws SqlServerError {
        boolean negative = acceptSymbol("-");
        Token token = next();
        if (token.kind() != Token.Kind.NUMBER || !token.text().chars().allMatch(Character::isDigit)) {
            throw SyntaxErrors.near(token);
        }
        return Integer.parseInt(token.text()) * (negative ? -1 : 1);
    }

    String expectString() throws SqlServerError {
        if (!peek().isString()) {
            throw SyntaxErrors.near(peek());
        }
        return next().text();
    }

    ObjectName expectObjectName() throws SqlServerError {
        List<String> parts = new ArrayList<>();
        parts.add(expectName());
        while (acceptSymbol(".")) {
            if (peek().isSymbol(".")) {
                parts.add("");
            } else {
                parts.add(expectName());
            }
        }
        return ObjectName.of(parts);
    }

    /// The tokens of a parenthesised list without its parentheses, split at its commas. The opening one is read here.
    List<List<Token>> parenthesised() throws SqlServerError {
        expectSymbol("(");
        List<List<Token>> all = new ArrayList<>();
        List<Token> one = new ArrayList<>();
        int depth = 0;
        while (true) {
            Token token = next();
            if (token.kind() == Token.Kind.END) {
                throw SyntaxErrors.near(token);
            }
            if (depth == 0 && (token.isSymbol(")") || token.isSymbol(","))) {
                if (!one.isEmpty() || token.isSymbol(",") || !all.isEmpty()) {
                    all.add(one);
                }
                one = new ArrayList<>();
                if (token.isSymbol(")")) {
                    return all;
                }
                continue;
            }
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            one.add(token);
        }
    }
}
