package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.tsql.Scope.Access;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Turns statements and expressions into H2's dialect, token by token. Every name is quoted, every variable bound,
/// every table and function looked up: what is not known is refused here.
public final class Rewriter {

    private static final Set<String> HINTS = Set.of(
            "NOLOCK",
            "READUNCOMMITTED",
            "READCOMMITTED",
            "READCOMMITTEDLOCK",
            "REPEATABLEREAD",
            "SERIALIZABLE",
            "HOLDLOCK",
            "UPDLOCK",
            "XLOCK",
            "ROWLOCK",
            "PAGLOCK",
            "TABLOCK",
            "TABLOCKX",
            "READPAST",
            "NOWAIT");
    private static final Set<String> ENDS_FROM = Set.of("WHERE", "GROUP", "ORDER", "HAVING", "UNION", "EXCEPT", "SET");
    private static final Set<String> PAGING = Set.of("ROW", "ROWS", "ONLY", "NEXT", "FIRST", "FETCH");

    private final Scope scope;
    private final ExpressionWriter expressions;
    private final List<Scope.Bound> parameters = new ArrayList<>();
    private final List<String> assigned = new ArrayList<>();
    private final Map<String, String> derived = new HashMap<>();
    private final Map<String, String> common = new HashMap<>();
    private boolean locksRows;

    private Rewriter(Scope scope) {
        this.scope = scope;
        this.expressions = new ExpressionWriter(scope, parameters, this::part);
    }

    /// Where the writing stands within one pair of parentheses.
    private static final class Frame {
        private final boolean statement;
        private boolean inSelectList;
        private boolean inFrom;
        private boolean expectsTable;
        private boolean ordered;
        private boolean itemBegins;

        Frame(boolean statement) {
            this.statement = statement;
        }
    }

    /// A whole SELECT, INSERT, UPDATE, DELETE or MERGE.
    public static Rewritten statement(DataStatement statement, Scope scope) throws SqlServerError {
        Rewriter rewriter = new Rewriter(scope);
        TokenReader reader = new TokenReader(statement.tokens());
        StringBuilder out = new StringBuilder();
        switch (statement.kind()) {
            case SELECT -> rewriter.with(reader);
            case INSERT -> rewriter.insert(reader, out);
            case UPDATE -> rewriter.change(reader, out, "UPDATE", Access.UPDATE);
            case DELETE -> rewriter.change(reader, out, "DELETE", Access.DELETE);
            case MERGE -> rewriter.merge(reader, out);
        }
        rewriter.rest(reader, out, new Frame(statement.kind() == DataStatement.Kind.SELECT));
        if (rewriter.locksRows) {
            out.append(" FOR UPDATE");
        }
        return rewriter.result(out.toString());
    }

    /// `SELECT before expression after`, for H2 to evaluate.
    public static Rewritten expression(List<Token> tokens, Scope scope, String before, String after)
            throws SqlServerError {
        Rewriter rewriter = new Rewriter(scope);
        return rewriter.result("SELECT " + before + rewriter.part(tokens) + after);
    }

    /// An expression on its own, which may bind nothing: defaults and computed columns.
    public static String constant(List<Token> tokens, Scope scope) throws SqlServerError {
        Rewriter rewriter = new Rewriter(scope);
        String text = rewriter.part(tokens);
        if (!rewriter.parameters.isEmpty()) {
            throw new SqlServerError(128, 15, 1, "Variables are not permitted in this context.");
        }
        return text;
    }

    private Rewritten result(String sql) {
        return new Rewritten(sql, parameters, assigned, derived);
    }

    private String part(List<Token> tokens) throws SqlServerError {
        StringBuilder out = new StringBuilder();
        TokenReader reader = new TokenReader(tokens);
        rest(reader, out, new Frame(false));
        return out.toString().strip();
    }

    /// `WITH name AS (..), ..`: each is written where its name stands in FROM.
    private void with(TokenReader reader) throws SqlServerError {
        if (!reader.acceptWord("WITH")) {
            return;
        }
        do {
            String name = reader.expectName();
            reader.expectWord("AS");
            common.put(name.toLowerCase(Locale.ROOT), part(joined(reader.parenthesised())));
        } while (reader.acceptSymbol(","));
    }

    private void insert(TokenReader reader, StringBuilder out) throws SqlServerError {
        reader.expectWord("INSERT");
        reader.acceptWord("INTO");
        ObjectName table = reader.expectObjectName();
        out.append("INSERT INTO ").append(scope.table(table, Access.INSERT));
        skipHints(reader);
        if (reader.peek().isSymbol("(") && !reader.peek(1).isWord("SELECT")) {
            List<String> columns = columnNames(reader.parenthesised());
            scope.checkInsertColumns(table, columns);
            out.append(list(columns));
        } else if (!reader.peek().isWord("DEFAULT")) {
            out.append(list(scope.insertColumns(table)));
        }
        if (!reader.peek().isWord("VALUES")
                && !reader.peek().isWord("SELECT")
                && !reader.peek().isWord("DEFAULT")) {
            throw SyntaxErrors.near(reader.peek());
        }
    }

    private static List<String> columnNames(List<List<Token>> items) throws SqlServerError {
        List<String> names = new ArrayList<>();
        for (List<Token> item : items) {
            if (item.size() != 1 || !item.getFirst().isName()) {
                throw SyntaxErrors.near(item.isEmpty() ? Token.END : item.getFirst());
            }
            names.add(item.getFirst().text());
        }
        return names;
    }

    private static String list(List<String> columns) {
        return " (" + String.join(", ", columns.stream().map(H2Types::quote).toList()) + ")";
    }

    private void change(TokenReader reader, StringBuilder out, String verb, Access access) throws SqlServerError {
        reader.expectWord(verb);
        out.append(verb).append(' ');
        if (reader.acceptWord("TOP")) {
            out.append("TOP (").append(part(onlyOne(reader))).append(") ");
        }
        if (access == Access.DELETE) {
            reader.acceptWord("FROM");
            out.append("FROM ");
        }
        out.append(scope.table(reader.expectObjectName(), access));
        skipHints(reader);
        Token next = reader.peek();
        if (access == Access.UPDATE ? !next.isWord("SET") : !next.isWord("WHERE") && !reader.atEnd()) {
            throw SyntaxErrors.near(next);
        }
    }

    private void merge(TokenReader reader, StringBuilder out) throws SqlServerError {
        reader.expectWord("MERGE");
        reader.acceptWord("INTO");
        out.append("MERGE INTO ").append(scope.table(reader.expectObjectName(), Access.UPDATE));
        skipHints(reader);
        reader.acceptWord("AS");
        out.append(" AS ").append(H2Types.quote(reader.expectName()));
        if (!reader.acceptWord("USING")) {
            throw SyntaxErrors.near(reader.peek());
        }
        out.append(" USING ");
        Frame frame = new Frame(false);
        frame.expectsTable = true;
        while (!reader.atEnd()) {
            if (reader.acceptWord("MATCHED")) {
                out.append(" MATCHED");
            } else {
                step(reader, out, frame);
            }
        }
    }

    private void rest(TokenReader reader, StringBuilder out, Frame frame) throws SqlServerError {
        while (!reader.atEnd()) {
            step(reader, out, frame);
        }
    }

    private void step(TokenReader reader, StringBuilder out, Frame frame) throws SqlServerError {
        Token token = reader.peek();
        out.append(' ');
        if (frame.itemBegins) {
            frame.itemBegins = false;
            if (assignment(reader, frame)) {
                return;
            }
        }
        if (token.isSymbol("(")) {
            frame.expectsTable = parentheses(reader, out, frame.expectsTable);
        } else if (frame.expectsTable && token.isName()) {
            frame.expectsTable = false;
            table(reader, out);
        } else if (token.isSymbol(",")) {
            reader.next();
            out.append(',');
            frame.expectsTable = frame.inFrom;
            frame.itemBegins = frame.inSelectList;
        } else if (token.kind() == Token.Kind.WORD && clause(reader, out, frame)) {
            return;
        } else {
            expressions.write(reader, out);
        }
    }

    /// `SELECT @x = ..` and the alias `SELECT x = ..`, of which the latter is refused.
    private boolean assignment(TokenReader reader, Frame frame) throws SqlServerError {
        if (!reader.peek(1).isSymbol("=")) {
            return false;
        }
        boolean variable = reader.peek().kind() == Token.Kind.VARIABLE;
        if (variable && frame.statement) {
            assigned.add(reader.next().text());
            reader.next();
            return true;
        }
        throw SyntaxErrors.near(reader.peek(1));
    }

    private boolean parentheses(TokenReader reader, StringBuilder out, boolean expectsTable) throws SqlServerError {
        List<Token> inside = joined(reader.parenthesised());
        Frame frame = new Frame(false);
        frame.expectsTable = expectsTable
                && !inside.isEmpty()
                && !inside.getFirst().isWord("SELECT")
                && !inside.getFirst().isWord("VALUES");
        out.append('(');
        rest(new TokenReader(inside), out, frame);
        out.append(')');
        return false;
    }

    /// With their commas again.
    private static List<Token> joined(List<List<Token>> parts) {
        List<Token> all = new ArrayList<>();
        for (List<Token> one : parts) {
            if (!all.isEmpty()) {
                all.add(new Token(Token.Kind.SYMBOL, ","));
            }
            all.addAll(one);
        }
        return all;
    }

    /// Words that say where in the statement we are. False for words that stand in expressions.
    private boolean clause(TokenReader reader, StringBuilder out, Frame frame) throws SqlServerError {
        String word = Keywords.upper(reader.peek().text());
        if (word.equals("SELECT")) {
            reader.next();
            select(reader, out, frame);
            return true;
        }
        if (word.equals("FROM")) {
            if (!frame.inSelectList) {
                throw SyntaxErrors.near(reader.peek());
            }
            frame.inSelectList = false;
            frame.inFrom = true;
            frame.expectsTable = true;
        } else if (word.equals("JOIN")) {
            frame.expectsTable = true;
        } else if (ENDS_FROM.contains(word)) {
            frame.inSelectList = false;
            frame.inFrom = false;
            frame.ordered = word.equals("ORDER");
        } else if (word.equals("WITH") && frame.inFrom) {
            skipHints(reader, frame);
            return true;
        } else if (word.equals("OPTION") && reader.peek(1).isSymbol("(")) {
            reader.next();
            reader.parenthesised();
            return true;
        } else if (!(frame.ordered && paging(reader, word))) {
            return false;
        }
        out.append(word);
        reader.next();
        return true;
    }

    private static boolean paging(TokenReader reader, String word) {
        boolean offset = word.equals("OFFSET")
                && !reader.peek(1).isSymbol(",")
                && !reader.peek(1).isSymbol(".");
        return offset || (PAGING.contains(word) && !reader.peek(1).isSymbol("."));
    }

    private void select(TokenReader reader, StringBuilder out, Frame frame) throws SqlServerError {
        out.append("SELECT ");
        boolean distinct = reader.acceptWord("DISTINCT");
        if (!distinct) {
            reader.acceptWord("ALL");
        }
        if (reader.acceptWord("TOP")) {
            out.append("TOP (").append(part(onlyOne(reader))).append(") ");
        }
        if (distinct) {
            out.append("DISTINCT ");
        }
        frame.inSelectList = true;
        frame.inFrom = false;
        frame.itemBegins = true;
    }

    /// What follows TOP: a number, a variable, or anything in parentheses.
    private static List<Token> onlyOne(TokenReader reader) throws SqlServerError {
        if (!reader.peek().isSymbol("(")) {
            return List.of(reader.next());
        }
        List<List<Token>> inside = reader.parenthesised();
        if (inside.size() != 1) {
            throw SyntaxErrors.near(",");
        }
        return inside.getFirst();
    }

    private void table(TokenReader reader, StringBuilder out) throws SqlServerError {
        ObjectName name = reader.expectObjectName();
        String expression = common.get(name.toString().toLowerCase(Locale.ROOT));
        if (expression == null && !reader.peek().isSymbol("(")) {
            out.append(scope.table(name, Access.SELECT));
            return;
        }
        String select = expression == null ? scope.tableFunction(name, reader.parenthesised()) : expression;
        reader.acceptWord("AS");
        String alias = reader.peek().isName() ? reader.expectName() : name.name();
        derived.put(alias.toLowerCase(Locale.ROOT), select);
        out.append('(').append(select).append(") AS ").append(H2Types.quote(alias));
    }

    private void skipHints(TokenReader reader) throws SqlServerError {
        if (reader.peek().isWord("WITH")) {
            skipHints(reader, new Frame(false));
        }
    }

    private void skipHints(TokenReader reader, Frame frame) throws SqlServerError {
        Token with = reader.next();
        if (!reader.peek().isSymbol("(")) {
            throw SyntaxErrors.near(with);
        }
        for (List<Token> hint : reader.parenthesised()) {
            String text = hint.size() == 1 ? Keywords.upper(hint.getFirst().text()) : "";
            if (!HINTS.contains(text)) {
                throw new SqlServerError(321, 15, 1, "\"" + text + "\" is not a recognized table hints option.");
            }
            locksRows |= frame.statement && (text.equals("UPDLOCK") || text.equals("XLOCK"));
        }
    }
}
