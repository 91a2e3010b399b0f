package io.dstream.mssql.command;

import io.dstream.mssql.cdc.DatabaseFacts;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.checkpoint.SavedPositions;
import io.dstream.mssql.checkpoint.SavedPositions.State;
import io.dstream.mssql.command.StepsAnswer.Outcome;
import io.dstream.mssql.command.StepsAnswer.Step;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.config.LockConfig;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.ingest.FollowedTables;
import io.dstream.mssql.ingest.Lockers;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.lock.LeaseAttempt.Held;
import io.dstream.mssql.lock.LeaseAttempt.HeldElsewhere;
import io.dstream.mssql.lock.LockStore;
import io.dstream.mssql.lock.TableLocker;
import java.util.ArrayList;
import java.util.List;

/// Removes what runs left for the configured tables: their rows of `cdc_offsets` and their lock blobs. Takes
/// every table's lock first, all or none, so that nothing is taken away from an instance that follows one. It
/// knows of those that lock as its own configuration says, and of no other.
///
/// The table `cdc_offsets` and the container stay: others may use them, and permissions were given on them. So
/// does everything of change data capture.
final class Destroy {

    private final IngesterConfig config;
    private final Database database;
    private final Findings findings = new Findings();
    private final List<Step> steps = new ArrayList<>();

    Destroy(IngesterConfig config, Database database) {
        this.config = config;
        this.database = database;
    }

    StepsAnswer run() throws InterruptedException {
        findings.ask("destroy", () -> {
            DatabaseFacts facts = DatabaseFacts.read(database);
            List<TableName> tables = tables(facts);
            LockStore store = LockStores.open(config.lock(), database, facts);
            if (config.lock().type() == LockConfig.Type.NONE) {
                findings.add(Finding.warning(
                        "locks",
                        "there are none, so nothing tells whether an instance follows the tables",
                        "make sure that none runs; where one did, stop it and destroy again"));
            }
            // Without a container nobody has a lock; taking one would make the container.
            if (store.missing().isPresent()) {
                removeRows(tables);
            } else {
                underLocks(facts, tables);
                removeLocks(store, tables);
            }
            return true;
        });
        return new StepsAnswer(steps, findings.all());
    }

    /// In the catalogue's case, since rows and locks go by it; as written where the table is gone.
    private List<TableName> tables(DatabaseFacts facts) throws Failure, InterruptedException {
        if (!facts.isCdcEnabled()) {
            config.tables()
                    .patterns()
                    .forEach(pattern -> findings.add(Finding.warning(
                            pattern.toString(),
                            "a wildcard matches nothing where change data capture is off, so what is left of its "
                                    + "tables stays",
                            "name the tables")));
        }
        List<TableEntry> entries = facts.isCdcEnabled()
                ? FollowedTables.find(config.tables(), database)
                : config.tables().named();
        List<TableName> names = new ArrayList<>();
        for (TableEntry entry : entries) {
            names.add(CatalogueName.of(database, entry));
        }
        return names;
    }

    private void underLocks(DatabaseFacts facts, List<TableName> tables) throws Failure, InterruptedException {
        List<Lease> leases = new ArrayList<>();
        try (TableLocker locker = Lockers.open(config.lock(), database, facts::serverName, facts.databaseName())) {
            for (TableName table : tables) {
                leases.add(lease(locker, table));
            }
            removeRows(tables);
            leases.forEach(Lease::release);
        }
    }

    private static Lease lease(TableLocker locker, TableName table) throws Failure, InterruptedException {
        return switch (locker.tryAcquire(table)) {
            case Held(Lease lease) -> lease;
            case HeldElsewhere(var owner) ->
                throw new PermanentFailure("table " + table + " is followed by another instance ("
                        + owner.orElse("unknown which") + "): stop it first; nothing was removed");
        };
    }

    private void removeRows(List<TableName> tables) throws Failure, InterruptedException {
        SavedPositions saved = SavedPositions.look(database);
        for (TableName table : tables) {
            boolean removed = saved.remove(table);
            steps.add(new Step(removed ? Outcome.REMOVED : Outcome.ABSENT, "position of " + table + " in cdc_offsets"));
        }
        if (saved.state() != State.MISSING) {
            steps.add(new Step(Outcome.KEPT, "table cdc_offsets, with the rows of all other tables and programs"));
        }
    }

    private void removeLocks(LockStore store, List<TableName> tables) throws Failure, InterruptedException {
        store.remove(tables).forEach(what -> steps.add(new Step(Outcome.REMOVED, what)));
    }
}
