package io.dstream.mssql.cdc;

import io.dstream.mssql.cdc.CaptureInstances.Watermarked;
import io.dstream.mssql.config.ColumnChoice;
import io.dstream.mssql.failure.PermanentFailure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies a [ColumnChoice] to what the capture instances of one table capture. Used by one thread.
///
/// A name may be missing from one of two instances: the column was added or dropped between them.
final class ColumnSelection {

    private static final Logger log = LoggerFactory.getLogger(ColumnSelection.class);

    private final TableName table;
    private final ColumnChoice choice;

    /// By the change table's id: the names of all captured columns.
    private final Map<Integer, List<String>> captured = new HashMap<>();

    private final Set<Integer> saidWhatIsMissing = new HashSet<>();

    ColumnSelection(TableName table, ColumnChoice choice) {
        this.table = table;
        this.choice = choice;
    }

    /// Those of `columns` that are read, in their order. Throws `PermanentFailure` where a name could mean several of
    /// them, or nothing would be left.
    List<CapturedColumn> of(String instance, int changeTableId, List<CapturedColumn> columns) throws PermanentFailure {
        List<String> all = columns.stream().map(CapturedColumn::name).toList();
        captured.put(changeTableId, all);
        Set<String> named = meant(instance, all);
        List<CapturedColumn> chosen = columns.stream()
                .filter(column -> choice instanceof ColumnChoice.Only == named.contains(column.name()))
                .toList();
        if (chosen.isEmpty() && choice instanceof ColumnChoice.AllBut) {
            throw new PermanentFailure("table " + table + ": exclude_columns leaves no column of capture instance "
                    + instance + ", which captures " + String.join(", ", all));
        }
        return chosen;
    }

    private Set<String> meant(String instance, List<String> all) throws PermanentFailure {
        Set<String> meant = new LinkedHashSet<>();
        for (String name : named()) {
            List<String> candidates = candidates(name, all);
            if (candidates.size() > 1) {
                throw new PermanentFailure("table " + table + ": column " + name + " of " + key() + " could be any of "
                        + String.join(", ", candidates) + " of capture instance " + instance
                        + "; write it in its exact case");
            }
            meant.addAll(candidates);
        }
        return meant;
    }

    /// The column of exactly that name, else those whose name differs in case alone.
    private static List<String> candidates(String name, List<String> all) {
        return all.contains(name)
                ? List.of(name)
                : all.stream().filter(name::equalsIgnoreCase).toList();
    }

    /// Throws `PermanentFailure` where a name is in none of `instances`: it may be misspelt.
    void requireNamesKnown(List<Watermarked> instances) throws PermanentFailure {
        if (choice instanceof ColumnChoice.AllBut excluded && !excluded.mustExist()) {
            return;
        }
        for (String name : named()) {
            if (instances.stream().noneMatch(each -> captures(each, name))) {
                throw new PermanentFailure("table " + table + ": column " + name + " of " + key()
                        + " is not captured; captured columns are: "
                        + instances.stream().map(this::described).collect(Collectors.joining("; ")));
            }
        }
    }

    /// Before `instance`, one of `instances`, is read. Throws `PermanentFailure` where it has not got a column of
    /// `columns` and no newer one has it either: its values would be missing from here on. What cannot be lost is
    /// logged once: a column that was added later, or an excluded one that is not there.
    void requireNothingLost(Watermarked instance, List<Watermarked> instances) throws PermanentFailure {
        List<String> missing =
                named().stream().filter(name -> !captures(instance, name)).toList();
        List<Watermarked> newer = instances.subList(instances.indexOf(instance) + 1, instances.size());
        for (String name : missing) {
            if (choice instanceof ColumnChoice.Only && newer.stream().noneMatch(each -> captures(each, name))) {
                throw new PermanentFailure("table " + table + ": column " + name
                        + " of columns is not captured by the capture instance that is to be read next, "
                        + described(instance) + "; take the name out of columns if the column is gone, correct it if "
                        + "the column was renamed, or make a capture instance that has it");
            }
        }
        if (!missing.isEmpty() && saidWhatIsMissing.add(instance.instance().changeTableId())) {
            log.warn(
                    "Some named columns are not in this capture instance table={} capture_instance={} {}={}",
                    table,
                    instance.instance().name(),
                    key(),
                    missing);
        }
    }

    private boolean captures(Watermarked instance, String name) {
        return !candidates(name, allOf(instance)).isEmpty();
    }

    private String described(Watermarked instance) {
        return instance.instance().name() + " (" + String.join(", ", allOf(instance)) + ")";
    }

    private List<String> allOf(Watermarked instance) {
        return captured.getOrDefault(instance.instance().changeTableId(), List.of());
    }

    private List<String> named() {
        return switch (choice) {
            case ColumnChoice.All() -> List.of();
            case ColumnChoice.Only(List<String> names) -> names;
            case ColumnChoice.AllBut(List<String> names, boolean _) -> names;
        };
    }

    private String key() {
        return choice instanceof ColumnChoice.Only ? "columns" : "exclude_columns";
    }
}
