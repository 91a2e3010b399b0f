package io.dstream.mssql.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Splits `key=value;key=value`. A value that begins with one of `quotes` runs to its partner, which is doubled where
/// it is meant literally: `password="a;b""c"`, `password={a;b}}c}`.
///
/// Sources: Microsoft Learn, "SqlConnection.ConnectionString" and "Building the connection URL" (JDBC).
final class KeyValueText {

    static final String ADO_QUOTES = "\"'{";
    static final String JDBC_QUOTES = "{";

    private final String text;
    private final String quotes;
    private final Consumer<String> problem;
    private int next;
    private int parts;

    KeyValueText(String text, String quotes, Consumer<String> problem) {
        this.text = text;
        this.quotes = quotes;
        this.problem = problem;
    }

    List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        for (skip(" \t\r\n;"); next < text.length(); skip(" \t\r\n;")) {
            parts++;
            setting().ifPresent(settings::add);
        }
        return settings;
    }

    private Optional<Setting> setting() {
        int equals = text.indexOf('=', next);
        if (equals < 0 || equals > partEnd()) {
            next = partEnd();
            problem.accept(place() + " has no `=`; a value that holds a semicolon must be quoted");
            return Optional.empty();
        }
        String keyword = text.substring(next, equals).strip();
        next = equals + 1;
        if (keyword.isEmpty()) {
            next = partEnd();
            problem.accept(place() + " has no key before its `=`");
            return Optional.empty();
        }
        skip(" \t\r\n");
        boolean quoted = next < text.length() && quotes.indexOf(text.charAt(next)) >= 0;
        return (quoted ? quotedValue() : Optional.of(plainValue())).map(value -> new Setting(place(), keyword, value));
    }

    private String plainValue() {
        int start = next;
        next = partEnd();
        return text.substring(start, next).strip();
    }

    private Optional<String> quotedValue() {
        char close = text.charAt(next) == '{' ? '}' : text.charAt(next);
        StringBuilder value = new StringBuilder();
        for (next++; next < text.length(); next++) {
            if (text.charAt(next) != close) {
                value.append(text.charAt(next));
            } else if (text.startsWith(Character.toString(close), next + 1)) {
                value.append(close);
                next++;
            } else {
                return afterQuote(value.toString());
            }
        }
        problem.accept(place() + " has an opening quote and no closing one");
        return Optional.empty();
    }

    private Optional<String> afterQuote(String value) {
        next++;
        skip(" \t\r\n");
        if (next == partEnd()) {
            return Optional.of(value);
        }
        next = partEnd();
        problem.accept(place() + " goes on after its closing quote; a quote inside a value is doubled");
        return Optional.empty();
    }

    private String place() {
        return "part " + parts;
    }

    private int partEnd() {
        int semicolon = text.indexOf(';', next);
        return semicolon < 0 ? text.length() : semicolon;
    }

    private void skip(String characters) {
        while (next < text.length() && characters.indexOf(text.charAt(next)) >= 0) {
            next++;
        }
    }
}
