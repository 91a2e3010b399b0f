package io.dstream.mssql.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads `tables`: at least one entry, none of them twice. For one configuration.
final class TableList {

    private static final String KEY = "tables";

    private final Problems problems;
    private final List<TableEntry> named = new ArrayList<>();
    private final List<TablePattern> patterns = new ArrayList<>();

    TableList(Problems problems) {
        this.problems = problems;
    }

    TablesConfig parse(JsonObject section) {
        Optional<Json> given = section.get(KEY);
        if (given.isEmpty()) {
            section.problem(KEY, "is required: a list of table names such as \"dbo.orders\"");
        } else if (given.get() instanceof Json.ListValue(List<Json> items)) {
            if (items.isEmpty()) {
                section.problem(KEY, "must name at least one table");
            }
            for (int i = 0; i < items.size(); i++) {
                read(items.get(i), section.pathOf(KEY) + "[" + i + "]");
            }
            refuseRepeatedTables();
            refuseRepeatedPatterns();
        } else {
            section.problem(
                    KEY, "must be a list of table names, not " + given.get().kind());
        }
        return new TablesConfig(named, patterns);
    }

    private void read(Json item, String path) {
        switch (item) {
            case Json.Text(String text) -> add(text, path, new ColumnChoice.All(), path);
            case Json.ObjectValue members -> readObject(new JsonObject(members, path, problems), path);
            default ->
                problems.add(
                        path,
                        "must be a table name or an object such as {\"name\": \"dbo.orders\", \"columns\": [..]}, not "
                                + item.kind());
        }
    }

    private void readObject(JsonObject entry, String path) {
        Optional<Json> given = entry.get("name");
        Optional<String> name = entry.text("name");
        ColumnChoice columns = new ColumnLists(problems).parse(entry, path);
        entry.refuseOtherKeys();
        if (given.isEmpty()) {
            entry.problem("name", "is required: a table name such as \"dbo.orders\"");
        }
        name.ifPresent(text -> add(text, path, columns, entry.pathOf("name")));
    }

    private void add(String text, String path, ColumnChoice columns, String namePath) {
        switch (TableNameText.parse(text)) {
            case TableNameText.Named(String schema, String table) ->
                named.add(new TableEntry(schema, table, columns, path));
            case TableNameText.Wildcard(NamePattern schema, NamePattern table) ->
                patterns.add(new TablePattern(schema, table, perhapsMissing(columns), path));
            case TableNameText.Malformed(String reason) ->
                problems.add(namePath, text.isBlank() ? "is blank" : Problems.quote(text) + " " + reason);
        }
    }

    private static ColumnChoice perhapsMissing(ColumnChoice columns) {
        return columns instanceof ColumnChoice.AllBut(List<String> names, boolean _)
                ? new ColumnChoice.AllBut(names, false)
                : columns;
    }

    private void refuseRepeatedTables() {
        Map<String, TableEntry> seen = new HashMap<>();
        for (TableEntry entry : named) {
            Optional.ofNullable(seen.putIfAbsent(lower(entry.toString()), entry))
                    .ifPresent(earlier -> problems.add(entry.jsonPath(), repeated(entry, earlier)));
        }
    }

    /// Locks and checkpoints go by `schema.table` in lower case: neither `[a.b].[c]` and `[a].[b.c]` can both be
    /// followed nor, in a case-sensitive database, `dbo.A` and `dbo.a`.
    private static String repeated(TableEntry entry, TableEntry earlier) {
        String isAlready = Problems.quote(entry.toString()) + " is already " + earlier.jsonPath();
        if (!entry.schema().equalsIgnoreCase(earlier.schema())) {
            return isAlready + ": of tables whose schema and name, put together, are the same text only one can be"
                    + " followed";
        }
        return entry.toString().equals(earlier.toString())
                ? isAlready
                : isAlready + ": of tables whose names differ only in case one can be followed";
    }

    private void refuseRepeatedPatterns() {
        Map<String, TablePattern> seen = new HashMap<>();
        for (TablePattern pattern : patterns) {
            Optional.ofNullable(seen.putIfAbsent(lower(pattern.toString()), pattern))
                    .ifPresent(earlier -> problems.add(
                            pattern.jsonPath(),
                            Problems.quote(pattern.toString()) + " is already " + earlier.jsonPath()));
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
