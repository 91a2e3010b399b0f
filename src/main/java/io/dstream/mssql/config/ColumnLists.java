package io.dstream.mssql.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Reads `columns` or `exclude_columns` of an entry of `tables`. Names are plain: no brackets, no wildcards.
final class ColumnLists {

    private final Problems problems;

    ColumnLists(Problems problems) {
        this.problems = problems;
    }

    /// All columns where neither list is given, or where they are wrong.
    ColumnChoice parse(JsonObject entry, String path) {
        Optional<List<String>> columns = names(entry, "columns");
        Optional<List<String>> excluded = names(entry, "exclude_columns");
        if (entry.get("columns").isPresent() && entry.get("exclude_columns").isPresent()) {
            problems.add(path, "must have `columns` or `exclude_columns`, not both");
        }
        return columns.<ColumnChoice>map(ColumnChoice.Only::new)
                .or(() -> excluded.map(names -> new ColumnChoice.AllBut(names, true)))
                .orElseGet(ColumnChoice.All::new);
    }

    private Optional<List<String>> names(JsonObject entry, String key) {
        return entry.get(key).flatMap(given -> {
            if (!(given instanceof Json.ListValue(List<Json> items))) {
                entry.problem(key, "must be a list of column names, not " + given.kind());
                return Optional.empty();
            }
            if (items.isEmpty()) {
                entry.problem(key, "must name at least one column");
            }
            return Optional.of(names(items, entry.pathOf(key)));
        });
    }

    private List<String> names(List<Json> items, String listPath) {
        SequencedMap<String, String> pathsByName = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            String path = listPath + "[" + i + "]";
            if (!(items.get(i) instanceof Json.Text(String name))) {
                problems.add(path, "must be a column name, not " + items.get(i).kind());
            } else if (name.isBlank()) {
                problems.add(path, "is blank");
            } else {
                Optional.ofNullable(pathsByName.putIfAbsent(name, path))
                        .ifPresent(earlier -> problems.add(path, Problems.quote(name) + " is already " + earlier));
            }
        }
        return List.copyOf(pathsByName.keySet());
    }
}
