package io.dstream.mssql.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/// What Debezium reported, by table. Records come on one thread; the rest may be asked on any.
final class DebeziumChanges {

    private static final String PLACEHOLDER = "__debezium_unavailable_value";

    private final Map<String, JudgedTable> tables;
    private final Map<String, List<PeerChange>> changes = new ConcurrentHashMap<>();
    private volatile int lastMark;

    DebeziumChanges(Map<String, JudgedTable> tables) {
        this.tables = tables;
    }

    /// Values as text, so that nothing is rounded.
    static void configure(Properties settings) {
        settings.put("decimal.handling.mode", "string");
        settings.put("time.precision.mode", "isostring");
        settings.put("binary.handling.mode", "base64");
        settings.put("unavailable.value.placeholder", PLACEHOLDER);
    }

    void take(SourceRecord record) {
        Struct event = (Struct) record.value();
        Struct source = event.getStruct("source");
        String table = source.getString("table");
        if (table.equals(Marks.TABLE)) {
            lastMark = Math.max(lastMark, event.getStruct("after").getInt32("id"));
            return;
        }
        JudgedTable judged = Optional.ofNullable(tables.get(table)).orElseThrow();
        String operation = operation(event.getString("op"));
        SortedMap<String, String> after = values(judged, event.getStruct("after"));
        SortedMap<String, String> before = values(judged, event.getStruct("before"));
        changes.computeIfAbsent(table, name -> new ArrayList<>())
                .add(new PeerChange(
                        table,
                        operation,
                        source.getString("commit_lsn"),
                        source.getString("change_lsn"),
                        source.getInt64("ts_ms"),
                        operation.equals("delete") ? before : after,
                        operation.equals("update") ? before : new TreeMap<>()));
    }

    private static String operation(String op) {
        return switch (op) {
            case "c" -> "insert";
            case "u" -> "update";
            case "d" -> "delete";
            default -> throw new AssertionError("operation " + op);
        };
    }

    private static SortedMap<String, String> values(JudgedTable table, @Nullable Struct row) {
        SortedMap<String, String> values = new TreeMap<>();
        if (row != null) {
            for (Field field : row.schema().fields()) {
                values.put(field.name(), text(table.form(field.name()), row.get(field)));
            }
        }
        return values;
    }

    private static String text(ValueForm form, @Nullable Object value) {
        if (value == null) {
            return PeerChange.NULL;
        }
        String text = value.toString();
        return isPlaceholder(text) ? PeerChange.UNAVAILABLE : form.canonical(text);
    }

    /// As text, and as base64 of it.
    private static boolean isPlaceholder(String text) {
        return text.equals(PLACEHOLDER) || text.equals("X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==");
    }

    /// The highest mark that has come.
    int lastMark() {
        return lastMark;
    }

    /// In the order they came. Only while no more come.
    List<PeerChange> of(JudgedTable table) {
        return List.copyOf(changes.getOrDefault(table.name(), List.of()));
    }
}
