package io.dstream.mssql.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads `tables`: at least one entry, none of them twice.
final class TableList {

    private static final String KEY = "tables";

    private final Problems problems;

    TableList(Problems problems) {
        this.problems = problems;
    }

    List<TableEntry> parse(JsonObject section) {
        Optional<Json> given = section.get(KEY);
        if (given.isEmpty()) {
            section.problem(KEY, "is required: a list of table names such as \"dbo.orders\"");
            return List.of();
        }
        if (!(given.get() instanceof Json.ListValue(List<Json> items))) {
            section.problem(
                    KEY, "must be a list of table names, not " + given.get().kind());
            return List.of();
        }
        if (items.isEmpty()) {
            section.problem(KEY, "must name at least one table");
        }
        return entries(items, section.pathOf(KEY));
    }

    private List<TableEntry> entries(List<Json> items, String listPath) {
        List<TableEntry> entries = new ArrayList<>();
        Map<String, TableEntry> seen = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            entry(items.get(i), listPath + "[" + i + "]").ifPresent(entry -> {
                Optional<TableEntry> earlier = Optional.ofNullable(seen.putIfAbsent(identity(entry), entry));
                earlier.ifPresent(other -> problems.add(
                        entry.jsonPath(), Problems.quote(entry.toString()) + " is already " + other.jsonPath()));
                entries.add(entry);
            });
        }
        return entries;
    }

    /// Checkpoints and locks go by this text: `[a.b].[c]` and `[a].[b.c]` cannot both be followed.
    private static String identity(TableEntry entry) {
        return entry.toString().toLowerCase(Locale.ROOT);
    }

    private Optional<TableEntry> entry(Json item, String path) {
        return switch (item) {
            case Json.Text(String text) -> named(text, path);
            case Json.ObjectValue _ -> {
                NotYetAvailable.TABLE_OBJECTS.refuse(problems, path);
                yield Optional.empty();
            }
            default -> {
                problems.add(path, "must be a table name, not " + item.kind());
                yield Optional.empty();
            }
        };
    }

    private Optional<TableEntry> named(String text, String path) {
        return switch (TableNameText.parse(text)) {
            case TableNameText.Named(String schema, String table) -> Optional.of(new TableEntry(schema, table, path));
            case TableNameText.Wildcard _ -> {
                NotYetAvailable.WILDCARDS.refuse(problems, path);
                yield Optional.empty();
            }
            case TableNameText.Malformed(String reason) -> {
                problems.add(path, text.isBlank() ? "is blank" : Problems.quote(text) + " " + reason);
                yield Optional.empty();
            }
        };
    }
}
