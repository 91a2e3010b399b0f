package io.dstream.mssql.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A table name as a person writes it: `orders`, `dbo.orders`, `[dbo].[Order Details]`, `"dbo"."orders"`. Inside
/// brackets `]]` is one bracket, inside quotes `""` is one quote.
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

    /// A `*` outside quotes.
    record Wildcard() implements TableNameText {}

    /// `reason` continues a sentence that begins with the text: "has no table name".
    record Malformed(String reason) implements TableNameText {}

    static TableNameText parse(String text) {
        List<String> parts = new ArrayList<>();
        boolean wildcard = false;
        Matcher part = PART.matcher(text);
        for (int start = 0; start <= text.length(); start = part.end() + 1) {
            boolean found = part.region(start, text.length()).lookingAt();
            if (!found || (part.end() < text.length() && text.charAt(part.end()) != '.')) {
                return new Malformed("is not a table name such as dbo.orders or [dbo].[Order Details]");
            }
            String bare = group(part, "bare").strip();
            wildcard |= bare.contains("*");
            parts.add(bare
                    + group(part, "bracketed").replace("]]", "]")
                    + group(part, "quoted").replace("\"\"", "\""));
        }
        return wildcard ? new Wildcard() : named(parts);
    }

    private static String group(Matcher part, String name) {
        return Optional.ofNullable(part.group(name)).orElse("");
    }

    private static TableNameText named(List<String> parts) {
        if (parts.size() > 2) {
            return new Malformed("has more than schema and table: the database comes from db_connection_string");
        }
        for (String part : parts) {
            if (part.isBlank()) {
                return new Malformed("has an empty name in it");
            }
            if (part.length() > LONGEST_NAME) {
                return new Malformed("has a name longer than " + LONGEST_NAME + " characters in it");
            }
            if (part.chars().anyMatch(Character::isISOControl)) {
                return new Malformed("has a control character in it");
            }
        }
        return parts.size() == 1 ? new Named("dbo", parts.getFirst()) : new Named(parts.getFirst(), parts.getLast());
    }
}
