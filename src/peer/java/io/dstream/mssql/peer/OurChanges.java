package io.dstream.mssql.peer;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.testing.Envelopes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the program reported, by table.
final class OurChanges {

    private final Map<String, JudgedTable> tables;
    private final Map<String, List<PeerChange>> changes = new HashMap<>();

    OurChanges(Map<String, JudgedTable> tables) {
        this.tables = tables;
    }

    /// A line of stdout.
    void take(String line) {
        for (JsonNode change : Envelopes.parse(line).path("changes")) {
            String table = change.path("table_name").asText().substring("dbo.".length());
            if (!table.equals(Marks.TABLE)) {
                changes.computeIfAbsent(table, name -> new ArrayList<>()).add(change(table, change));
            }
        }
    }

    private PeerChange change(String table, JsonNode change) {
        JudgedTable judged = Optional.ofNullable(tables.get(table)).orElseThrow();
        return new PeerChange(
                table,
                change.path("change_type").asText(),
                change.path("lsn").asText(),
                change.path("seq").asText(),
                Instant.parse(change.path("timestamp").asText()).toEpochMilli(),
                values(judged, change.path("data"), change.path("unavailable_columns")),
                values(judged, change.path("before"), change.path("before_unavailable_columns")));
    }

    private static SortedMap<String, String> values(JudgedTable table, JsonNode row, JsonNode unavailable) {
        SortedMap<String, String> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : row.properties()) {
            ValueForm form = table.form(field.getKey());
            values.put(
                    field.getKey(),
                    field.getValue().isNull() ? PeerChange.NULL : form.canonical(text(field.getValue())));
        }
        unavailable.forEach(column -> values.put(column.asText(), PeerChange.UNAVAILABLE));
        return values;
    }

    /// Numbers with every digit.
    private static String text(JsonNode value) {
        return value.isBigDecimal() ? value.decimalValue().toString() : value.asText();
    }

    /// In the order they came.
    List<PeerChange> of(JudgedTable table) {
        return List.copyOf(changes.getOrDefault(table.name(), List.of()));
    }
}
