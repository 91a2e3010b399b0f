package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.standin.engine.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// One capture instance. Finds its columns by name in each shape that the source table takes: a column that was
/// dropped stays lost to it, even if another of that name is added. Thread-safe.
final class CapturedInstance {

    private final String name;
    private final TableName source;
    private final int changeTableId;
    private final Optional<String> gatingRole;
    private volatile List<Catalog.Column> columns;
    private final Map<SourceShape, int[]> indexes = new ConcurrentHashMap<>();
    private int[] latest;
    private volatile Lsn startLsn;

    CapturedInstance(
            String name,
            SourceShape shape,
            int changeTableId,
            Optional<String> gatingRole,
            List<Catalog.Column> columns,
            Lsn startLsn) {
        this.name = name;
        this.source = shape.key();
        this.changeTableId = changeTableId;
        this.gatingRole = gatingRole;
        this.columns = List.copyOf(columns);
        this.startLsn = startLsn;
        this.latest = columns.stream()
                .mapToInt(column -> shape.indexOf(column.name()))
                .toArray();
        indexes.put(shape, latest);
    }

    /// The source table was altered. Answers the captured columns that have another type now.
    synchronized List<Catalog.Column> adopt(SourceShape shape) {
        int[] next = latest.clone();
        List<Catalog.Column> now = new ArrayList<>(columns);
        for (int i = 0; i < next.length; i++) {
            next[i] = next[i] < 0 ? -1 : shape.indexOf(columns.get(i).name());
            if (next[i] >= 0) {
                now.set(i, declared(columns.get(i).name(), shape.declared()));
            }
        }
        List<Catalog.Column> retyped = now.stream()
                .filter(column -> columns.stream()
                        .noneMatch(old ->
                                old.name().equals(column.name()) && old.type().equals(column.type())))
                .toList();
        columns = List.copyOf(now);
        latest = next;
        indexes.put(shape, next);
        return retyped;
    }

    /// Where each captured column stands in a row of that shape, -1 for a column that was dropped.
    int[] indexes(SourceShape shape) {
        return Objects.requireNonNull(indexes.get(shape), () -> "capture instance " + name + " missed an ALTER TABLE");
    }

    String name() {
        return name;
    }

    /// As [CaptureInstances] goes by it.
    TableName source() {
        return source;
    }

    int changeTableId() {
        return changeTableId;
    }

    Optional<String> gatingRole() {
        return gatingRole;
    }

    /// The source's columns that there were when the instance was made, with the types they have now or had last.
    List<Catalog.Column> columns() {
        return columns;
    }

    Lsn startLsn() {
        return startLsn;
    }

    void startAt(Lsn lsn) {
        startLsn = lsn;
    }

    static String changeTableName(String instance) {
        return instance + "_CT";
    }

    private static Catalog.Column declared(String name, Catalog.Table table) {
        return table.columns().stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findAny()
                .orElseThrow();
    }
}
