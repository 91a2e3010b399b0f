package io.dstream.mssql.command;

import io.dstream.mssql.cdc.DatabaseFacts;
import io.dstream.mssql.checkpoint.SavedPositions;
import io.dstream.mssql.checkpoint.SavedPositions.State;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.config.LockConfig;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.lock.LockStore;
import java.util.Optional;

/// Looks at the two places where runs keep something: `cdc_offsets` and the locks.
final class StoreChecks {

    private static final String CHECKPOINTS = "checkpoints";
    private static final String LOCKS = "locks";

    private final Database database;
    private final DatabaseFacts facts;
    private final IngesterConfig config;
    private final Findings findings;

    StoreChecks(Database database, DatabaseFacts facts, IngesterConfig config, Findings findings) {
        this.database = database;
        this.facts = facts;
        this.config = config;
        this.findings = findings;
    }

    /// Empty where they cannot be looked at.
    Optional<SavedPositions> checkpoints() throws InterruptedException {
        Optional<SavedPositions> saved = findings.ask(CHECKPOINTS, () -> SavedPositions.look(database));
        if (saved.isPresent()) {
            boolean usable = findings.ask(
                            CHECKPOINTS, () -> saved.get().isUsable(facts.defaultSchema(), facts.databaseName()))
                    .orElse(true);
            check(saved.get(), usable);
        }
        return saved;
    }

    private void check(SavedPositions saved, boolean usable) {
        String table = "table cdc_offsets of schema " + facts.defaultSchema();
        boolean missing = saved.state() == State.MISSING;
        if (!usable) {
            String lacking = missing
                    ? " does not exist, or the login may not see it, and the login may not make and use it"
                    : ": the login may not SELECT, INSERT and UPDATE, or not add the columns that are missing";
            findings.add(Finding.error(CHECKPOINTS, table + lacking, saved.mend(facts.grantee())));
        } else if (saved.state() != State.COMPLETE) {
            findings.add(Finding.info(
                    CHECKPOINTS,
                    table + (missing ? " does not exist yet" : " lacks columns") + "; `init` or the first `run` makes "
                            + (missing ? "it" : "them")));
        }
    }

    /// Empty where they cannot be looked at.
    Optional<LockStore> locks() throws InterruptedException {
        Optional<LockStore> store = findings.ask(LOCKS, () -> LockStores.open(config.lock(), database, facts));
        if (store.isEmpty()) {
            return store;
        }
        Optional<Optional<String>> missing =
                findings.ask(LOCKS, () -> store.get().missing());
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        missing.get()
                .ifPresent(what -> findings.add(Finding.info(
                        LOCKS,
                        what + " does not exist yet; `init` or the first `run` makes it where the credential allows "
                                + "that")));
        if (config.lock().type() == LockConfig.Type.NONE) {
            findings.add(Finding.info(LOCKS, "there are none: nothing keeps two instances from following one table"));
        }
        return store;
    }
}
