package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.CatalogueSnapshot;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.ReadingConfig.ReadMode;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.Permissions;
import io.dstream.mssql.db.Permissions.On;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.output.EncodableColumns;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The check that every table can be followed, with few queries; `change_table` needs one more a table. Refuses nothing
/// that a running program
/// would ride out: what each table would stop for at once, and that alone.
final class TableChecks {

    private static final Logger log = LoggerFactory.getLogger(TableChecks.class);

    private TableChecks() {}

    /// Throws `PermanentFailure` that names every table that cannot be followed, and why.
    static void requireAll(List<TableEntry> tables, ReadMode mode, Database database)
            throws Failure, InterruptedException {
        CatalogueSnapshot catalogue = CatalogueSnapshot.read(
                database,
                tables.stream()
                        .map(table -> new TableName(table.schema(), table.table()))
                        .toList());
        SequencedMap<String, String> problems = new TreeMap<>();
        for (TableEntry table : tables) {
            problem(table, mode, catalogue, database).ifPresent(problem -> problems.put(table.toString(), problem));
        }
        if (problems.size() == 1) {
            throw new PermanentFailure(problems.firstEntry().getValue());
        }
        if (!problems.isEmpty()) {
            // Names first: they come through where the rest must be cut short.
            throw new PermanentFailure(problems.size() + " of " + tables.size() + " tables cannot be followed: "
                    + String.join(", ", problems.keySet()) + ". " + String.join(". ", problems.values()));
        }
    }

    private static Optional<String> problem(
            TableEntry table, ReadMode mode, CatalogueSnapshot catalogue, Database database)
            throws InterruptedException {
        try {
            CaptureInstance instance = catalogue.newestInstance(table.schema(), table.table(), table.columns());
            EncodableColumns.require(instance);
            if (mode == ReadMode.CHANGE_TABLE
                    && !Permissions.has(database, On.OBJECT, instance.changeTable(), "SELECT")) {
                return Optional.of("read changes of " + instance.source() + ": " + instance.changeTableGrant());
            }
            return Optional.empty();
        } catch (PermanentFailure lasting) {
            return Optional.of(lasting.getMessage());
        } catch (Failure passing) {
            log.debug("Table is not ready yet table={}", table, passing);
            return Optional.empty();
        }
    }
}
