package io.dstream.mssql.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A table name as a person writes it: `orders`, `dbo.orders`, `[dbo].[Order Details]`, `"dbo"."orders"`. Inside
/// brackets `]]` is one bracket, inside quotes `""` is one quote. A `*` outside brackets and quotes stands for any
/// characters: `sales.*`, `dbo.order_*`, `*.*`; inside them it is a star.
///
/// Source: Microsoft Learn, "Database identifiers".
sealed interface TableNameText {

    /// What sysname holds.
    int LONGEST_NAME = 128;

    Pattern PART = Pattern.compile("""
            (?x) \\s* (?: \\[ (?<bracketed> (?: [^\\]]++ | \\]\\] )*+ ) \\]
                     | "  (?<quoted>    (?: [^"]++ | "" )*+ ) "
                     |    (?<bare>      [^\\[\\]".]* ) ) \\s*""");

    /// One table; the schema is `dbo` when none was written.
    record Named(String schema, String table) implements TableNameText {}

    /// Every table with such a name; the schema is `dbo` when none was written.
    record Wildcard(NamePattern schema, NamePattern table) implements TableNameText {}

    /// `reason` continues a sentence that begins with the text: "has no table name".
    record Malformed(String reason) implements TableNameText {}

    static TableNameText parse(String text) {
        List<String> parts = new ArrayList<>();
        List<NamePattern> patterns = new ArrayList<>();
        Matcher part = PART.matcher(text);
        for (int start = 0; start <= text.length(); start = part.end() + 1) {
            boolean found = part.region(start, text.length()).lookingAt();
            if (!found || (part.end() < text.length() && text.charAt(part.end()) != '.')) {
                return new Malformed("is not a table name such as dbo.orders or [dbo].[Order Details]");
            }
            String bare = group(part, "bare").strip();
            parts.add(bare
                    + group(part, "bracketed").replace("]]", "]")
                    + group(part, "quoted").replace("\"\"", "\""));
            patterns.add(bare.isEmpty() ? NamePattern.literal(parts.getLast()) : NamePattern.withStars(bare));
        }
        return problem(parts)
                .<TableNameText>map(Malformed::new)
                .orElseGet(
                        () -> patterns.stream().allMatch(NamePattern::isLiteral) ? named(parts) : wildcard(patterns));
    }

    private static String group(Matcher part, String name) {
        return Optional.ofNullable(part.group(name)).orElse("");
    }

    private static Optional<String> problem(List<String> parts) {
        if (parts.size() > 2) {
            return Optional.of("has more than schema and table: the database comes from db_connection_string");
        }
        for (String part : parts) {
            if (part.isBlank()) {
                return Optional.of("has an empty name in it");
            }
            if (part.length() > LONGEST_NAME) {
                return Optional.of("has a name longer than " + LONGEST_NAME + " characters in it");
            }
            if (part.chars().anyMatch(Character::isISOControl)) {
                return Optional.of("has a control character in it");
            }
        }
        return Optional.empty();
    }

    private static Named named(List<String> parts) {
        return parts.size() == 1 ? new Named("dbo", parts.getFirst()) : new Named(parts.getFirst(), parts.getLast());
    }

    private static Wildcard wildcard(List<NamePattern> parts) {
        return parts.size() == 1
                ? new Wildcard(NamePattern.literal("dbo"), parts.getFirst())
                : new Wildcard(parts.getFirst(), parts.getLast());
    }
}
