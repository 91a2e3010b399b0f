package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The capture instances of one database and the shapes of their source tables, found without regard to case.
/// Thread-safe.
final class CaptureInstances {

    private final Map<TableName, SourceShape> shapes = new ConcurrentHashMap<>();
    private final Map<TableName, List<CapturedInstance>> bySource = new ConcurrentHashMap<>();

    /// What both maps go by.
    static TableName key(String schema, String table) {
        return new TableName(schema.toLowerCase(Locale.ROOT), table.toLowerCase(Locale.ROOT));
    }

    Optional<SourceShape> shape(TableName key) {
        return Optional.ofNullable(shapes.get(key));
    }

    /// The source table has this shape from now on.
    void put(SourceShape shape) {
        shapes.put(shape.key(), shape);
    }

    List<CapturedInstance> of(TableName key) {
        return bySource.getOrDefault(key, List.of());
    }

    Optional<CapturedInstance> named(String name) {
        return all().filter(instance -> instance.name().equalsIgnoreCase(name)).findAny();
    }

    Stream<CapturedInstance> all() {
        return bySource.values().stream().flatMap(List::stream);
    }

    void add(CapturedInstance instance) {
        bySource.merge(
                instance.source(),
                List.of(instance),
                (old, added) -> Stream.concat(old.stream(), added.stream()).toList());
    }

    /// Forgets the instance, and its source's shape with the last one of it.
    void remove(CapturedInstance instance) {
        TableName source = instance.source();
        bySource.computeIfPresent(
                source,
                (key, old) -> old.stream().filter(kept -> kept != instance).toList());
        if (of(source).isEmpty()) {
            shapes.remove(source);
            bySource.remove(source);
        }
    }
}
