package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.CapturedTable;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.ColumnChoice;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.config.TablePattern;
import io.dstream.mssql.config.TablesConfig;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which tables a configuration means: those that it names, and those with change data capture that its
/// wildcards match at the start. Where both mean a table, the entry that names it counts.
public final class FollowedTables {

    private static final Logger log = LoggerFactory.getLogger(FollowedTables.class);
    private static final int MOST_NAMES_LOGGED = 20;

    /// Knows the tables of the database, with change data capture or not.
    @FunctionalInterface
    interface Namesakes {
        /// Every table of that name whatever its case.
        List<TableName> of(TableEntry entry) throws Failure, InterruptedException;
    }

    private final TablesConfig config;
    private final List<CapturedTable> captured;
    private final Set<TableName> named;

    private FollowedTables(TablesConfig config, List<CapturedTable> captured, Set<TableName> named) {
        this.config = config;
        this.captured = captured;
        this.named = named;
    }

    /// Asks the database only where there are wildcards. Throws `PermanentFailure` where a wildcard matches nothing, or
    /// tables cannot be told apart.
    public static List<TableEntry> find(TablesConfig config, Database database) throws Failure, InterruptedException {
        return config.patterns().isEmpty()
                ? config.named()
                : find(
                        config,
                        CapturedTable.all(database),
                        entry -> SourceTable.namesakes(database, entry.schema(), entry.table()));
    }

    /// As above, among `captured`.
    static List<TableEntry> find(TablesConfig config, List<CapturedTable> captured, Namesakes namesakes)
            throws Failure, InterruptedException {
        Set<TableName> named = new HashSet<>();
        for (TableEntry entry : config.named()) {
            meant(entry, captured, namesakes).ifPresent(named::add);
        }
        return new FollowedTables(config, captured, named).find();
    }

    /// The captured table that `entry` names, found as [SourceTable#find] will. Asks only where that is in
    /// doubt: one without change data capture may have exactly that name.
    private static Optional<TableName> meant(TableEntry entry, List<CapturedTable> captured, Namesakes namesakes)
            throws Failure, InterruptedException {
        List<TableName> alike = captured.stream()
                .map(CapturedTable::name)
                .filter(name -> sameButForCase(written(entry), name))
                .toList();
        if (alike.isEmpty() || alike.contains(written(entry))) {
            return alike.isEmpty() ? Optional.empty() : Optional.of(written(entry));
        }
        return SourceTable.meant(written(entry), namesakes.of(entry)).filter(alike::contains);
    }

    private static TableName written(TableEntry entry) {
        return new TableName(entry.schema(), entry.table());
    }

    private List<TableEntry> find() throws PermanentFailure {
        SequencedMap<TableName, TableEntry> matched = new LinkedHashMap<>();
        for (TablePattern pattern : config.patterns()) {
            for (CapturedTable table : matches(pattern)) {
                TableName name = table.name();
                TableEntry entry = new TableEntry(name.schema(), name.table(), pattern.columns(), pattern.jsonPath());
                Optional<TableEntry> earlier = Optional.ofNullable(matched.putIfAbsent(name, entry));
                if (earlier.isPresent() && !isNamed(name)) {
                    requireSameChoice(earlier.get(), entry);
                }
            }
        }
        matched.keySet().removeIf(this::isNamed);
        List<TableEntry> all = new ArrayList<>(config.named());
        all.addAll(matched.values());
        requireDistinct(all);
        return List.copyOf(all);
    }

    private List<CapturedTable> matches(TablePattern pattern) throws PermanentFailure {
        List<CapturedTable> found = captured.stream()
                .filter(table ->
                        pattern.matches(table.name().schema(), table.name().table()))
                .toList();
        if (found.isEmpty()) {
            throw new PermanentFailure(pattern.jsonPath() + ": `" + pattern + "` matches none of the " + captured.size()
                    + " tables that have change data capture and that the login may see; correct or remove it");
        }
        if (pattern.columns() instanceof ColumnChoice.AllBut(List<String> names, boolean _)) {
            for (String name : names) {
                requireSomeTableHas(name, found, pattern);
            }
        }
        log.info(
                "Wildcard matched pattern={} tables={} names={}{}",
                pattern,
                found.size(),
                found.stream()
                        .limit(MOST_NAMES_LOGGED)
                        .map(table -> table.name().toString())
                        .collect(Collectors.joining(",")),
                found.size() > MOST_NAMES_LOGGED ? ",.." : "");
        return found;
    }

    /// A misspelt name would let through what somebody wanted to keep out.
    private static void requireSomeTableHas(String column, List<CapturedTable> tables, TablePattern pattern)
            throws PermanentFailure {
        if (tables.stream()
                .map(CapturedTable::columns)
                .flatMap(Collection::stream)
                .noneMatch(column::equalsIgnoreCase)) {
            throw new PermanentFailure(pattern.jsonPath() + ": column " + column + " of exclude_columns is captured in"
                    + " none of the tables that `" + pattern + "` matches; correct or remove it");
        }
    }

    private boolean isNamed(TableName table) {
        return named.contains(table);
    }

    private static boolean sameButForCase(TableName one, TableName other) {
        return one.schema().equalsIgnoreCase(other.schema()) && one.table().equalsIgnoreCase(other.table());
    }

    private static void requireSameChoice(TableEntry one, TableEntry other) throws PermanentFailure {
        if (!one.columns().equals(other.columns())) {
            throw new PermanentFailure(one.jsonPath() + " and " + other.jsonPath() + " both match " + one
                    + " and choose different columns; name the table in an entry of its own");
        }
    }

    /// In a case-sensitive database, or with dots in names: locks and checkpoints go by this text, and one of the two
    /// would wait for the other for ever.
    private static void requireDistinct(List<TableEntry> entries) throws PermanentFailure {
        Map<String, TableEntry> seen = new HashMap<>();
        for (TableEntry entry : entries) {
            Optional<TableEntry> other =
                    Optional.ofNullable(seen.putIfAbsent(entry.toString().toLowerCase(Locale.ROOT), entry));
            if (other.isPresent()) {
                throw new PermanentFailure("only one of " + quoted(other.get()) + " ("
                        + other.get().jsonPath() + ") and "
                        + quoted(entry) + " (" + entry.jsonPath() + ") can be followed: without case and brackets "
                        + "their names are the same, and locks and checkpoints go by these; name the tables one by one "
                        + "and leave one of the two out");
            }
        }
    }

    private static String quoted(TableEntry entry) {
        return "[" + entry.schema() + "].[" + entry.table() + "]";
    }
}
