package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.standin.engine.Catalog;
import io.dstream.mssql.standin.wire.SqlType;
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
    private final List<Catalog.Column> columns;
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

    /// The source table was altered.
    synchronized void adopt(SourceShape shape) {
        int[] next = latest.clone();
        for (int i = 0; i < next.length; i++) {
            next[i] = next[i] < 0 ? -1 : shape.indexOf(columns.get(i).name());
            if (next[i] >= 0) {
                requireSameType(columns.get(i), shape.declared());
            }
        }
        latest = next;
        indexes.put(shape, next);
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

    /// The source's columns as they were when the instance was made.
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

    private static void requireSameType(Catalog.Column captured, Catalog.Table altered) {
        SqlType now = altered.columns().stream()
                .filter(column -> column.name().equalsIgnoreCase(captured.name()))
                .findAny()
                .orElseThrow()
                .type();
        if (!now.equals(captured.type())) {
            throw new IllegalStateException("the stand-in cannot change the type of the captured column "
                    + captured.name() + " from " + captured.type() + " to " + now);
        }
    }
}
