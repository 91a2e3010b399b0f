package io.dstream.mssql.command;

import io.dstream.mssql.cdc.CaptureHealth;
import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.DatabaseFacts;
import io.dstream.mssql.cdc.Grants;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.SetupSql;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.cdc.TableSurvey;
import io.dstream.mssql.cdc.TableSurvey.Instance;
import io.dstream.mssql.cdc.TableSurvey.Lag;
import io.dstream.mssql.checkpoint.SavedPositions;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.config.ReadingConfig.OnGap;
import io.dstream.mssql.config.ReadingConfig.ReadMode;
import io.dstream.mssql.config.ReadingConfig.StartFrom;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.Identifiers;
import io.dstream.mssql.db.Permissions;
import io.dstream.mssql.db.Permissions.On;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.lock.LockState;
import io.dstream.mssql.lock.LockStore;
import io.dstream.mssql.output.EncodableColumns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Looks at one table after the other: is it there, captured, readable, and what would a run do with it?
final class TableFindings {

    private static final String STOP = "stop with an error";
    private static final String LOAD_ANEW =
            "load the table anew, then set on_gap to resume for one start, or delete its row from cdc_offsets";

    private final Database database;
    private final DatabaseFacts facts;
    private final Optional<CaptureHealth> health;
    private final IngesterConfig config;
    private final Optional<SavedPositions> saved;
    private final Optional<LockStore> locks;
    private final Findings findings;

    TableFindings(
            Database database,
            DatabaseFacts facts,
            Optional<CaptureHealth> health,
            IngesterConfig config,
            Optional<SavedPositions> saved,
            Optional<LockStore> locks,
            Findings findings) {
        this.database = database;
        this.facts = facts;
        this.health = health;
        this.config = config;
        this.saved = saved;
        this.locks = locks;
        this.findings = findings;
    }

    TableState check(TableEntry entry) throws InterruptedException {
        Optional<SourceTable> found = findings.ask(
                entry.toString(),
                () -> SourceTable.find(database, entry.schema(), entry.table()).reading(entry.columns()));
        if (found.isEmpty()) {
            return TableState.unknown(entry.toString(), STOP);
        }
        SourceTable table = found.get();
        String name = table.name().toString();
        Optional<LockState> lock =
                locks.isPresent() ? findings.ask(name, () -> locks.get().look(table.name())) : Optional.empty();
        Optional<Position> position = saved.isPresent()
                ? findings.ask(name, () -> saved.get().of(table.name())).orElse(Optional.empty())
                : Optional.empty();
        Optional<TableSurvey> survey = survey(table);
        boolean readable = survey.isPresent() && isReadable(survey.get());
        if (!readable) {
            return TableState.of(name, position, lock, STOP);
        }
        return position.isPresent() ? goingOn(survey.get(), position.get(), lock) : beginning(survey.get(), lock);
    }

    private Optional<TableSurvey> survey(SourceTable table) throws InterruptedException {
        if (facts.isCdcEnabled() && health.isEmpty()) {
            // Why is said already.
            return Optional.empty();
        }
        Optional<TableSurvey> survey = facts.isCdcEnabled()
                ? findings.ask(table.name().toString(), () -> TableSurvey.read(database, table))
                : Optional.of(new TableSurvey(table, List.of()));
        if (survey.filter(known -> known.instances().isEmpty()).isPresent()) {
            findings.add(Finding.error(
                    table.name().toString(),
                    "change data capture is not enabled for the table"
                            + (facts.isCdcEnabled() ? ", or the login may not see it" : ""),
                    SetupSql.enableTable(table.name())));
            return Optional.empty();
        }
        return survey;
    }

    private boolean isReadable(TableSurvey survey) throws InterruptedException {
        String name = survey.table().name().toString();
        boolean readable = true;
        for (Instance instance : survey.instances()) {
            if (instance.start().isEmpty()) {
                findings.add(Finding.warning(
                        name,
                        "capture instance " + instance.name() + " is being made and has no start LSN yet",
                        SetupSql.START_CAPTURE_JOB));
                readable = false;
            } else if (!instance.isReadable()) {
                readable = false;
                findings.ask(name, () -> unreadable(survey.table(), instance)).ifPresent(findings::add);
            }
        }
        return readable && hasEncodableColumns(survey);
    }

    private Finding unreadable(SourceTable table, Instance instance) throws Failure, InterruptedException {
        List<String> mend = new ArrayList<>();
        String quoted = Identifiers.quote(table.name().schema(), table.name().table());
        boolean maySelect = Permissions.has(database, On.OBJECT, quoted, "SELECT");
        if (!maySelect || instance.gatingRole().isEmpty()) {
            mend.add(SetupSql.grantSelect(table.name(), facts.grantee()));
        }
        instance.gatingRole().ifPresent(role -> mend.add(Grants.addMember(role, facts.grantee())));
        return Finding.error(
                table.name().toString(),
                "the login sees no low watermark of capture instance " + instance.name() + ": it lacks SELECT on the "
                        + "captured columns"
                        + instance.gatingRole()
                                .map(role -> ", or is no member of gating role " + role)
                                .orElse(""),
                String.join("; ", mend));
    }

    private boolean hasEncodableColumns(TableSurvey survey) throws InterruptedException {
        String name = survey.table().name().toString();
        Optional<List<CaptureInstance>> instances = findings.ask(name, () -> survey.columns(database));
        boolean good = instances.isPresent();
        for (CaptureInstance instance : instances.orElse(List.of())) {
            good &= findings.ask(name, () -> {
                        EncodableColumns.require(instance);
                        return true;
                    })
                    .orElse(false);
            if (config.reading().mode() == ReadMode.CHANGE_TABLE) {
                good &= mayReadChangeTable(name, instance);
            }
        }
        return good;
    }

    private boolean mayReadChangeTable(String name, CaptureInstance instance) throws InterruptedException {
        String changeTable = Identifiers.quote("cdc", instance.name() + "_CT");
        boolean may = findings.ask(name, () -> Permissions.has(database, On.OBJECT, changeTable, "SELECT"))
                .orElse(true);
        if (!may) {
            findings.add(Finding.error(
                    name,
                    "read_mode change_table reads " + changeTable + ", which the login may not",
                    SetupSql.grantChangeTable(instance, facts.grantee())));
        }
        return may;
    }

    private TableState beginning(TableSurvey survey, Optional<LockState> lock) throws InterruptedException {
        String name = survey.table().name().toString();
        Lsn earliest = findings.ask(name, () -> survey.earliest(database))
                .or(survey::lowWatermark)
                .orElseThrow();
        Optional<Lsn> highest = health.flatMap(CaptureHealth::highestLsn)
                .filter(now -> config.reading().startFrom() == StartFrom.LATEST && now.compareTo(earliest) > 0);
        String next = highest.map(now -> "begin after " + now + ", the latest")
                .orElseGet(() -> "begin at " + earliest + ", the earliest that CDC has");
        Position start = highest.map(Position::after).orElseGet(() -> Position.before(earliest));
        return state(survey, Optional.empty(), start, lock, next);
    }

    private TableState goingOn(TableSurvey survey, Position position, Optional<LockState> lock)
            throws InterruptedException {
        String name = survey.table().name().toString();
        Optional<Lsn> highest = health.flatMap(CaptureHealth::highestLsn);
        if (highest.isPresent() && position.isBeyond(highest.get())) {
            findings.add(Finding.error(
                    name,
                    "the saved position " + position + " is beyond the highest LSN " + highest.get()
                            + ": the database was restored from an older copy",
                    "load the table anew and delete its row from cdc_offsets"));
            return state(survey, Optional.of(position), position, lock, STOP);
        }
        Optional<Lsn> behindGap = findings.ask(name, () -> survey.behindGapAfter(database, position))
                .flatMap(Function.identity());
        if (behindGap.isPresent()) {
            return gap(survey, position, behindGap.get(), lock);
        }
        return state(survey, Optional.of(position), position, lock, "go on after " + position);
    }

    /// `low` is where CDC has everything again.
    private TableState gap(TableSurvey survey, Position position, Lsn low, Optional<LockState> lock)
            throws InterruptedException {
        String name = survey.table().name().toString();
        String problem = "changes after position " + position + " are gone: CDC keeps only what came since " + low
                + " (its low watermark)";
        boolean resumes = config.reading().onGap() == OnGap.RESUME;
        findings.add(
                resumes
                        ? Finding.warning(name, problem, "load the table anew")
                        : Finding.error(name, problem, LOAD_ANEW));
        return state(
                survey, Optional.of(position), position, lock, resumes ? "go on at " + low + ", behind a gap" : STOP);
    }

    /// `from` is where reading begins.
    private TableState state(
            TableSurvey survey, Optional<Position> position, Position from, Optional<LockState> lock, String next)
            throws InterruptedException {
        Instance instance =
                survey.instanceFor(from).orElseGet(() -> survey.instances().getFirst());
        Optional<Lag> lag = findings.ask(survey.table().name().toString(), () -> survey.lag(database, from, instance));
        Optional<Duration> behind = lag.flatMap(found -> health.flatMap(found::behind));
        Optional<Duration> left = health.flatMap(known -> known.retention()
                .flatMap(kept -> lag.flatMap(Lag::committedAt)
                        .map(committed -> Duration.between(known.now(), committed.plus(kept)))));
        return new TableState(
                survey.table().name().toString(), position, Optional.of(instance), lag, behind, left, lock, next);
    }
}
