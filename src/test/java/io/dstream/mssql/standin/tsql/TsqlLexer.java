package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;

/// Cuts T-SQL into tokens. Comments are dropped; block comments nest, as SQL Server's do.
public final class TsqlLexer {

    private static final List<String> SYMBOLS =
            List.of("<=", ">=", "<>", "!=", "(", ")", ",", ".", ";", "=", "<", ">", "+", "-", "*", "/", "%", ":");

    private final String sql;
    private int at;

    private TsqlLexer(String sql) {
        this.sql = sql;
    }

    /// All tokens of a batch. Errors: 102, 105 (unclosed quote), 113 (unclosed comment).
    public static List<Token> tokens(String sql) throws SqlServerError {
        TsqlLexer lexer = new TsqlLexer(sql);
        List<Token> tokens = new ArrayList<>();
        while (lexer.skipToToken()) {
            tokens.add(lexer.next());
        }
        return tokens;
    }

    private boolean skipToToken() throws SqlServerError {
        while (at < sql.length()) {
            if (Character.isWhitespace(sql.charAt(at)) || sql.charAt(at) == '\uFEFF') {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
            } else if (sql.startsWith("/*", at)) {
                skipComment();
            } else {
                return true;
            }
        }
        return false;
    }

    private void skipComment() throws SqlServerError {
        int depth = 0;
        do {
            if (at >= sql.length()) {
                throw new SqlServerError(113, 15, 1, "Missing end comment mark '*/'.");
            }
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0);
    }

    private Token next() throws SqlServerError {
        char c = sql.charAt(at);
        char after = at + 1 < sql.length() ? sql.charAt(at + 1) : ' ';
        if ((c == 'N' || c == 'n') && after == '\'') {
            at++;
            return new Token(Token.Kind.NATIONAL_STRING, quoted('\''));
        }
        if (c == '\'') {
            return new Token(Token.Kind.STRING, quoted('\''));
        }
        if (c == '"') {
            return new Token(Token.Kind.QUOTED, quoted('"'));
        }
        if (c == '[') {
            return new Token(Token.Kind.QUOTED, quoted(']'));
        }
        if (c == '0' && (after == 'x' || after == 'X')) {
            return binary();
        }
        if (Character.isDigit(c) || (c == '.' && Character.isDigit(after))) {
            return number();
        }
        if (c == '@') {
            return new Token(Token.Kind.VARIABLE, word());
        }
        if (Character.isLetter(c) || c == '_') {
            return new Token(Token.Kind.WORD, word());
        }
        return symbol();
    }

    /// Reads up to `close`; a doubled one stands for itself.
    private String quoted(char close) throws SqlServerError {
        StringBuilder text = new StringBuilder();
        int from = at;
        at++;
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c != close) {
                text.append(c);
            } else if (at < sql.length() && sql.charAt(at) == close) {
                text.append(c);
                at++;
            } else {
                return text.toString();
            }
        }
        throw new SqlServerError(
                105, 15, 1, "Unclosed quotation mark after the character string '" + sql.substring(from + 1) + "'.");
    }

    private Token binary() {
        int from = at + 2;
        at = from;
        while (at < sql.length() && Character.digit(sql.charAt(at), 16) >= 0) {
            at++;
        }
        String digits = sql.substring(from, at);
        return new Token(Token.Kind.BINARY, digits.length() % 2 == 0 ? digits : "0" + digits);
    }

    private Token number() {
        int from = at;
        while (at < sql.length() && (Character.isDigit(sql.charAt(at)) || sql.charAt(at) == '.')) {
            at++;
        }
        if (at < sql.length() && (sql.charAt(at) == 'e' || sql.charAt(at) == 'E')) {
            at++;
            if (at < sql.length() && (sql.charAt(at) == '+' || sql.charAt(at) == '-')) {
                at++;
            }
            while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
                at++;
            }
        }
        return new Token(Token.Kind.NUMBER, sql.substring(from, at));
    }

    private String word() {
        int from = at;
        while (at < sql.length() && isPartOfWord(sql.charAt(at))) {
            at++;
        }
        return sql.substring(from, at);
    }

    private static boolean isPartOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '#' || c == '@';
    }

    private Token symbol() throws SqlServerError {
        for (String symbol : SYMBOLS) {
            if (sql.startsWith(symbol, at)) {
                at += symbol.length();
                return new Token(Token.Kind.SYMBOL, symbol);
            }
        }
        throw SyntaxErrors.near(sql.substring(at, at + 1));
    }
}
