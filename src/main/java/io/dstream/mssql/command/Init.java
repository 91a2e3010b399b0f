package io.dstream.mssql.command;

import io.dstream.mssql.cdc.CdcSetup;
import io.dstream.mssql.cdc.DatabaseFacts;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.cdc.TableSurvey;
import io.dstream.mssql.checkpoint.SavedPositions;
import io.dstream.mssql.checkpoint.SavedPositions.State;
import io.dstream.mssql.checkpoint.SqlCheckpointStore;
import io.dstream.mssql.command.StepsAnswer.Outcome;
import io.dstream.mssql.command.StepsAnswer.Step;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.config.LockConfig;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.lock.LockStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes what runs need, where it is missing: `cdc_offsets`, the container of the locks; and where it was
/// asked to, change data capture of the database and the tables. What one step cannot do does not keep the
/// next from being tried.
final class Init {

    private final IngesterConfig config;
    private final Database database;
    private final Findings findings = new Findings();
    private final List<Step> steps = new ArrayList<>();

    Init(IngesterConfig config, Database database) {
        this.config = config;
        this.database = database;
    }

    StepsAnswer run(boolean enableCdc) throws InterruptedException {
        Optional<DatabaseFacts> facts = findings.ask("database", () -> DatabaseFacts.read(database));
        if (facts.isPresent()) {
            attempt("checkpoints", this::makeCheckpoints);
            attempt("locks", () -> makeLocks(facts.get()));
            if (enableCdc) {
                enableCdc(facts.get());
            }
        }
        return new StepsAnswer(steps, findings.all());
    }

    /// Something that is made and may fail.
    @FunctionalInterface
    private interface Making {
        void run() throws Failure, InterruptedException;
    }

    private boolean attempt(String subject, Making making) throws InterruptedException {
        return findings.ask(subject, () -> {
                    making.run();
                    return true;
                })
                .isPresent();
    }

    private void makeCheckpoints() throws Failure, InterruptedException {
        State before = SavedPositions.look(database).state();
        new SqlCheckpointStore(database).prepare();
        steps.add(
                switch (before) {
                    case MISSING -> new Step(Outcome.MADE, "table cdc_offsets");
                    case INCOMPLETE -> new Step(Outcome.MADE, "columns of table cdc_offsets that were missing");
                    case COMPLETE -> new Step(Outcome.THERE, "table cdc_offsets");
                });
    }

    private void makeLocks(DatabaseFacts facts) throws Failure, InterruptedException {
        LockStore store = LockStores.open(config.lock(), database, facts);
        Optional<String> made = store.create();
        if (config.lock().type() == LockConfig.Type.AZURE_BLOB) {
            String container =
                    "container " + config.lock().azureBlob().orElseThrow().containerName();
            steps.add(new Step(made.isPresent() ? Outcome.MADE : Outcome.THERE, container));
        }
    }

    private void enableCdc(DatabaseFacts facts) throws InterruptedException {
        String what = "change data capture of database " + facts.databaseName();
        if (facts.isCdcEnabled()) {
            steps.add(new Step(Outcome.THERE, what));
        } else {
            if (!attempt("database", () -> CdcSetup.enableDatabase(database))) {
                return;
            }
            steps.add(new Step(Outcome.MADE, what));
        }
        for (TableEntry entry : config.tables().named()) {
            attempt(entry.toString(), () -> enableCdc(entry));
        }
        config.tables()
                .patterns()
                .forEach(pattern -> findings.add(Finding.info(
                        pattern.toString(),
                        "a wildcard matches tables that have change data capture, and enables it for none")));
    }

    private void enableCdc(TableEntry entry) throws Failure, InterruptedException {
        SourceTable table = SourceTable.find(database, entry.schema(), entry.table());
        String what = "change data capture of table " + table.name();
        if (!TableSurvey.read(database, table).instances().isEmpty()) {
            steps.add(new Step(Outcome.THERE, what));
            return;
        }
        CdcSetup.enableTable(database, table.name());
        steps.add(new Step(Outcome.MADE, what));
    }
}
