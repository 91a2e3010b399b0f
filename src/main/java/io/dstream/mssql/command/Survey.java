package io.dstream.mssql.command;

import io.dstream.mssql.cdc.CaptureHealth;
import io.dstream.mssql.cdc.DatabaseFacts;
import io.dstream.mssql.cdc.Grants;
import io.dstream.mssql.cdc.ServerInfo;
import io.dstream.mssql.checkpoint.SavedPositions;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.ingest.FollowedTables;
import io.dstream.mssql.lock.LockStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything there is to know before a run, or beside one, asked without changing anything or taking a lock.
record Survey(
        Optional<DatabaseFacts> facts,
        Optional<CaptureHealth> health,
        List<TableState> tables,
        List<Finding> findings) {

    Survey {
        tables = List.copyOf(tables);
        findings = List.copyOf(findings);
    }

    static Survey of(IngesterConfig config, Database database) throws InterruptedException {
        Findings findings = new Findings();
        Optional<DatabaseFacts> facts = findings.ask("database", () -> DatabaseFacts.read(database));
        if (facts.isEmpty()) {
            return new Survey(facts, Optional.empty(), List.of(), findings.all());
        }
        if (facts.get().isGuest()) {
            findings.add(asGuest(facts.get()));
        }
        Optional<CaptureHealth> health = new CaptureChecks(database, facts.get(), config, findings).check();
        if (facts.get().isCdcEnabled()) {
            findings.ask(
                    "database", () -> ServerInfo.read(database, config.reading().serverTimeZone()));
        }
        StoreChecks stores = new StoreChecks(database, facts.get(), config, findings);
        Optional<SavedPositions> saved = stores.checkpoints();
        Optional<LockStore> locks = stores.locks();
        TableFindings checks = new TableFindings(database, facts.get(), health, config, saved, locks, findings);
        List<TableState> tables = new ArrayList<>();
        for (TableEntry entry : tables(config, database, facts.get(), findings)) {
            tables.add(checks.check(entry));
        }
        return new Survey(facts, health, tables, findings.all());
    }

    private static Finding asGuest(DatabaseFacts facts) {
        return Finding.warning(
                "database",
                "the login " + facts.login() + " has no user in database " + facts.databaseName()
                        + " and comes in as guest: what is granted to guest is granted to everybody",
                Grants.createUser(facts.login()));
    }

    /// As a run finds them; those that are named where wildcards cannot be looked up.
    private static List<TableEntry> tables(
            IngesterConfig config, Database database, DatabaseFacts facts, Findings findings)
            throws InterruptedException {
        if (!facts.isCdcEnabled()) {
            config.tables()
                    .patterns()
                    .forEach(pattern -> findings.add(Finding.info(
                            pattern.toString(), "a wildcard matches nothing where change data capture is off")));
            return config.tables().named();
        }
        return findings.ask("tables", () -> FollowedTables.find(config.tables(), database))
                .orElseGet(() -> config.tables().named());
    }

    boolean isGood() {
        return !Finding.anyError(findings);
    }
}
