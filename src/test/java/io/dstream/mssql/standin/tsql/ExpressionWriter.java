package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Writes what stands in expressions: literals, variables, names, calls.
final class ExpressionWriter {

    /// Rewrites a list of tokens on its own: the arguments of a call.
    @FunctionalInterface
    interface Part {
        String rewrite(List<Token> tokens) throws SqlServerError;
    }

    /// The one frame of a window that is known here.
    private static final List<String> FRAME = List.of("ROWS", "UNBOUNDED", "PRECEDING");

    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("YEAR", "YEAR"),
            Map.entry("YY", "YEAR"),
            Map.entry("YYYY", "YEAR"),
            Map.entry("MONTH", "MONTH"),
            Map.entry("MM", "MONTH"),
            Map.entry("DAY", "DAY"),
            Map.entry("DD", "DAY"),
            Map.entry("HOUR", "HOUR"),
            Map.entry("HH", "HOUR"),
            Map.entry("MINUTE", "MINUTE"),
            Map.entry("MI", "MINUTE"),
            Map.entry("SECOND", "SECOND"),
            Map.entry("SS", "SECOND"),
            Map.entry("MILLISECOND", "MILLISECOND"),
            Map.entry("MS", "MILLISECOND"),
            Map.entry("MICROSECOND", "MICROSECOND"),
            Map.entry("NANOSECOND", "NANOSECOND"));
    private static final Map<String, String> WITHOUT_PARENTHESES = Map.of(
            "CURRENT_TIMESTAMP",
            "getdate",
            "CURRENT_USER",
            "user_name",
            "SESSION_USER",
            "user_name",
            "USER",
            "user_name",
            "SYSTEM_USER",
            "suser_sname");
    private static final Set<String> DATE_FUNCTIONS = Set.of("datediff", "datediff_big", "dateadd", "datepart");

    private final Scope scope;
    private final List<Scope.Bound> parameters;
    private final Part part;
    private boolean afterAs;
    private boolean afterLike;

    ExpressionWriter(Scope scope, List<Scope.Bound> parameters, Part part) {
        this.scope = scope;
        this.parameters = parameters;
        this.part = part;
    }

    void write(TokenReader reader, StringBuilder out) throws SqlServerError {
        Token token = reader.peek();
        boolean alias = afterAs;
        afterAs = token.isWord("AS");
        boolean pattern = afterLike;
        afterLike = token.isWord("LIKE");
        switch (token.kind()) {
            case WORD, QUOTED -> word(reader, out, alias);
            case STRING, NATIONAL_STRING -> out.append(string(reader.next().text(), alias, pattern));
            case NUMBER -> out.append(number(reader.next().text()));
            case BINARY -> out.append("X'").append(reader.next().text()).append('\'');
            case VARIABLE -> out.append(bind(scope.variable(reader.next().text())));
            case SYMBOL, END -> symbol(reader, out);
        }
    }

    private static String string(String text, boolean alias, boolean pattern) throws SqlServerError {
        if (pattern && text.contains("[")) {
            throw SyntaxErrors.unsupported("LIKE '" + text + "'");
        }
        return alias ? H2Types.quote(text) : H2Types.literal(text);
    }

    private static String number(String text) {
        boolean approximate = text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
        return approximate ? "CAST(" + text + " AS DOUBLE PRECISION)" : text;
    }

    private String bind(Scope.Bound bound) {
        parameters.add(bound);
        return "CAST(?" + parameters.size() + " AS " + H2Types.of(bound.type()) + ")";
    }

    private static void symbol(TokenReader reader, StringBuilder out) throws SqlServerError {
        Token token = reader.next();
        if (token.kind() == Token.Kind.END || token.isSymbol(";") || token.isSymbol(":") || token.isSymbol(")")) {
            throw SyntaxErrors.near(token);
        }
        out.append(token.text());
    }

    private void word(TokenReader reader, StringBuilder out, boolean alias) throws SqlServerError {
        Token token = reader.peek();
        boolean call = token.kind() == Token.Kind.WORD && reader.peek(1).isSymbol("(");
        if (!alias && call && (!Keywords.isCommon(token.text()) || isFunctionToo(token))) {
            reader.next();
            out.append(call(token.text(), reader));
        } else if (token.kind() == Token.Kind.WORD && Keywords.isReserved(token.text())) {
            keyword(reader, out);
        } else {
            name(reader, out);
        }
    }

    /// LEFT and RIGHT join tables and cut strings.
    private static boolean isFunctionToo(Token token) {
        return token.isWord("LEFT") || token.isWord("RIGHT");
    }

    private void keyword(TokenReader reader, StringBuilder out) throws SqlServerError {
        Token token = reader.next();
        String upper = Keywords.upper(token.text());
        String function = WITHOUT_PARENTHESES.get(upper);
        if (function != null) {
            out.append(apply(function, List.of()));
        } else if (Keywords.isCommon(upper)) {
            out.append(upper);
        } else {
            throw SyntaxErrors.near(token);
        }
    }

    /// `a`, `a.b.c`, `a.*`, or a call of `[database.]schema.function(..)`.
    private void name(TokenReader reader, StringBuilder out) throws SqlServerError {
        List<String> parts = new ArrayList<>();
        parts.add(reader.next().text());
        while (reader.peek().isSymbol(".")) {
            reader.next();
            if (reader.acceptSymbol("*")) {
                out.append(quoted(parts)).append(".*");
                return;
            }
            parts.add(reader.expectName());
        }
        if (parts.size() > 1 && reader.peek().isSymbol("(")) {
            boolean qualified = parts.size() > 2 && scope.isCurrent(parts.getFirst());
            out.append(call(String.join(".", qualified ? parts.subList(1, parts.size()) : parts), reader));
        } else {
            out.append(quoted(parts));
        }
    }

    private static String quoted(List<String> parts) {
        return String.join(".", parts.stream().map(H2Types::quote).toList());
    }

    private String call(String name, TokenReader reader) throws SqlServerError {
        String lower = name.toLowerCase(Locale.ROOT);
        List<List<Token>> arguments = reader.parenthesised();
        if (lower.equals("cast")) {
            return cast(arguments);
        }
        if (lower.equals("convert")) {
            return convert(arguments);
        }
        if (DATE_FUNCTIONS.contains(lower)) {
            return dates(lower, arguments);
        }
        List<String> written = new ArrayList<>();
        for (List<Token> argument : arguments) {
            written.add(part.rewrite(argument));
        }
        return reader.peek().isWord("OVER") ? windowed(lower, written, reader) : apply(lower, written);
    }

    private static String apply(String name, List<String> arguments) throws SqlServerError {
        return function(name).apply(name, arguments);
    }

    private static Functions.Rule function(String name) throws SqlServerError {
        Optional<Functions.Rule> rule = Functions.find(name);
        if (rule.isEmpty()) {
            throw SyntaxErrors.unknownFunction(name);
        }
        return rule.get();
    }

    private String windowed(String name, List<String> arguments, TokenReader reader) throws SqlServerError {
        String plain = name.equals("count") ? "count_big" : name;
        reader.expectWord("OVER");
        StringBuilder over = new StringBuilder();
        for (List<Token> one : reader.parenthesised()) {
            boolean partition = !one.isEmpty() && one.getFirst().isWord("PARTITION");
            over.append(over.isEmpty() ? "" : ", ").append(partition ? "PARTITION " : "");
            boolean frame = endsWithFrame(one);
            over.append(part.rewrite(one.subList(partition ? 1 : 0, frame ? one.size() - FRAME.size() : one.size())));
            over.append(frame ? " " + String.join(" ", FRAME) : "");
        }
        return apply(plain, arguments) + " OVER (" + over + ")";
    }

    private static boolean endsWithFrame(List<Token> tokens) {
        int start = tokens.size() - FRAME.size();
        for (int i = 0; i < FRAME.size(); i++) {
            if (start < 0 || !tokens.get(start + i).isWord(FRAME.get(i))) {
                return false;
            }
        }
        return true;
    }

    private String cast(List<List<Token>> arguments) throws SqlServerError {
        List<Token> only = arguments.size() == 1 ? arguments.getFirst() : List.of();
        int as = only.size() - 1;
        while (as > 0 && !only.get(as).isWord("AS")) {
            as--;
        }
        if (as <= 0) {
            throw SyntaxErrors.near("CAST");
        }
        return "CAST(" + part.rewrite(only.subList(0, as)) + " AS " + type(only.subList(as + 1, only.size())) + ")";
    }

    private String type(List<Token> tokens) throws SqlServerError {
        TokenReader reader = new TokenReader(tokens);
        TypeName name = new TypeParser(reader).type();
        if (!reader.atEnd()) {
            throw SyntaxErrors.near(reader.peek());
        }
        return H2Types.of(scope.type(name, TypeName.LENGTH_IN_CAST));
    }

    /// With a style only between binary and hex digits: 1 with `0x`, 2 without.
    private String convert(List<List<Token>> arguments) throws SqlServerError {
        if (arguments.size() < 2 || arguments.size() > 3) {
            throw SyntaxErrors.near("CONVERT");
        }
        String type = type(arguments.getFirst());
        String value = part.rewrite(arguments.get(1));
        if (arguments.size() == 2) {
            return "CAST(" + value + " AS " + type + ")";
        }
        String style = part.rewrite(arguments.get(2));
        boolean toBinary = type.contains("BINARY");
        boolean toText = type.contains("CHAR");
        boolean known = style.equals("1") || style.equals("2");
        if (!known || (!toBinary && !toText)) {
            throw SyntaxErrors.unsupported("CONVERT with style " + style);
        }
        String function = toBinary ? "from_hex" : "to_hex";
        return "CAST(\"standin\".\"" + function + "\"(" + value + ", " + style + ") AS " + type + ")";
    }

    private String dates(String name, List<List<Token>> arguments) throws SqlServerError {
        List<Token> first = arguments.isEmpty() ? List.of() : arguments.getFirst();
        if (name.equals("datepart") && arguments.size() == 2 && first.size() == 1 && isOffset(first.getFirst())) {
            String time = part.rewrite(arguments.get(1));
            return "(EXTRACT(TIMEZONE_HOUR FROM " + time + ") * 60 + EXTRACT(TIMEZONE_MINUTE FROM " + time + "))";
        }
        String unit =
                first.size() == 1 ? UNITS.get(Keywords.upper(first.getFirst().text())) : null;
        if (unit == null || arguments.size() != (name.equals("datepart") ? 2 : 3)) {
            throw new SqlServerError(155, 15, 1, "'" + name + "' is not used with a recognized option.");
        }
        List<String> written = new ArrayList<>();
        for (List<Token> argument : arguments.subList(1, arguments.size())) {
            written.add(part.rewrite(argument));
        }
        return switch (name) {
            case "datepart" -> "EXTRACT(" + unit + " FROM " + written.getFirst() + ")";
            case "dateadd" -> "DATEADD(" + unit + ", " + String.join(", ", written) + ")";
            case "datediff" -> "CAST(DATEDIFF(" + unit + ", " + String.join(", ", written) + ") AS INTEGER)";
            default -> "DATEDIFF(" + unit + ", " + String.join(", ", written) + ")";
        };
    }

    private static boolean isOffset(Token unit) {
        return unit.isWord("TZOFFSET") || unit.isWord("TZ");
    }
}
