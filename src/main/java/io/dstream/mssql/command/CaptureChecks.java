package io.dstream.mssql.command;

import io.dstream.mssql.cdc.CaptureHealth;
import io.dstream.mssql.cdc.CaptureHealth.JobState;
import io.dstream.mssql.cdc.DatabaseFacts;
import io.dstream.mssql.cdc.Grants;
import io.dstream.mssql.cdc.SetupSql;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.Identifiers;
import io.dstream.mssql.db.Permissions;
import io.dstream.mssql.db.Permissions.On;
import io.dstream.mssql.failure.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Looks at change data capture as a whole: is it enabled, may we read it, does it run, how long does it keep
/// changes?
final class CaptureChecks {

    /// Shorter than that, and what stops on a Friday evening is a gap on Monday morning; CDC's own default is
    /// three days.
    private static final Duration SHORT_RETENTION = Duration.ofHours(24);

    private static final Duration USUAL_RETENTION = Duration.ofDays(3);
    private static final List<String> CATALOGUE = List.of("change_tables", "captured_columns", "lsn_time_mapping");
    private static final String SUBJECT = "capture";
    private static final String START_AGENT =
            "start the service SQL Server Agent, and let it start with the server; on Linux: "
                    + "mssql-conf set sqlagent.enabled true, then restart the server";

    private final Database database;
    private final DatabaseFacts facts;
    private final IngesterConfig config;
    private final Findings findings;

    CaptureChecks(Database database, DatabaseFacts facts, IngesterConfig config, Findings findings) {
        this.database = database;
        this.facts = facts;
        this.config = config;
        this.findings = findings;
    }

    /// Empty where there is nothing to know.
    Optional<CaptureHealth> check() throws InterruptedException {
        if (!facts.isCdcEnabled()) {
            findings.add(Finding.error(
                    "database",
                    "change data capture is not enabled in database " + facts.databaseName(),
                    "USE " + Identifiers.quote(facts.databaseName()) + "; " + SetupSql.ENABLE_DATABASE));
            return Optional.empty();
        }
        if (!findings.ask(SUBJECT, this::mayReadCatalogue).orElse(false)) {
            findings.add(Finding.error(
                    SUBJECT,
                    "the login may not read CDC's catalogue (" + String.join(", ", CATALOGUE) + " of schema cdc)",
                    Grants.grantCatalogue(facts.grantee())));
            return Optional.empty();
        }
        Optional<CaptureHealth> health = findings.ask(SUBJECT, () -> CaptureHealth.read(database, facts));
        health.ifPresent(this::check);
        return health;
    }

    private boolean mayReadCatalogue() throws Failure, InterruptedException {
        for (String table : CATALOGUE) {
            if (!Permissions.has(database, On.OBJECT, Identifiers.quote("cdc", table), "SELECT")) {
                return false;
            }
        }
        return true;
    }

    private void check(CaptureHealth health) {
        checkJob(health);
        if (health.captureJob() == JobState.MISSING && health.retention().isEmpty()) {
            return;
        }
        health.retention()
                .ifPresentOrElse(
                        this::checkRetention,
                        () -> findings.add(Finding.info(
                                SUBJECT,
                                "how long CDC keeps changes is unknown: the login may not read msdb.dbo.cdc_jobs; whoever may runs "
                                        + "EXEC sys.sp_cdc_help_jobs")));
    }

    private void checkJob(CaptureHealth health) {
        if (health.captureJob() == JobState.MISSING) {
            findings.add(withoutJob(health));
        } else if (health.isAgentStopped()) {
            // Before the job's own state: while the agent is stopped it refuses to start the job.
            findings.add(Finding.error(
                    SUBJECT,
                    "SQL Server Agent is stopped, and so is the capture job: changes wait in the transaction log, "
                            + "which grows",
                    START_AGENT));
        } else if (health.captureJob() == JobState.STOPPED) {
            findings.add(Finding.error(
                    SUBJECT,
                    "the capture job is stopped: changes wait in the transaction log, which grows",
                    SetupSql.START_CAPTURE_JOB));
        } else {
            checkPulse(health);
        }
    }

    private static Finding withoutJob(CaptureHealth health) {
        String why = "there is no capture job: SQL Server makes it with the first table that is enabled, unless "
                + "the database has a transactional publication, whose log reader captures then";
        if (health.highestLsn().isPresent() && !health.standsStill()) {
            return Finding.info(SUBJECT, why);
        }
        String addJob = SetupSql.ADD_CAPTURE_JOB;
        return Finding.warning(SUBJECT, why, health.isAgentStopped() ? START_AGENT + "; then " + addJob : addJob);
    }

    /// The job's own entry tells whether anything runs, whatever the login may see of jobs.
    private void checkPulse(CaptureHealth health) {
        if (health.standsStill()) {
            findings.add(standstill(health));
        } else if (health.highestLsn().isEmpty()) {
            findings.add(
                    Finding.info(SUBJECT, "no change was captured in this database yet; a run waits for the first"));
        }
    }

    private static Finding standstill(CaptureHealth health) {
        String problem = "nothing was captured for " + Words.of(health.age())
                + ", not even the entry that the capture job makes every five minutes: ";
        return health.captureJob() == JobState.RUNNING
                ? Finding.error(
                        SUBJECT,
                        problem + "the capture job is stuck or fails, though it counts as running",
                        "see SELECT * FROM sys.dm_cdc_errors, then " + SetupSql.STOP_CAPTURE_JOB + "; "
                                + SetupSql.START_CAPTURE_JOB)
                : Finding.error(
                        SUBJECT,
                        problem + "SQL Server Agent or the job is stopped",
                        SetupSql.START_CAPTURE_JOB + "; where that is refused since the agent does not run: "
                                + START_AGENT);
    }

    private void checkRetention(Duration retention) {
        Duration maxPoll = config.polling().maxInterval();
        String what = "CDC keeps changes for " + Words.of(retention) + ": ";
        Duration enough = maxPoll.multipliedBy(2);
        String mend = SetupSql.changeRetention(enough.compareTo(USUAL_RETENTION) > 0 ? enough : USUAL_RETENTION);
        if (retention.compareTo(maxPoll) <= 0) {
            findings.add(Finding.error(
                    SUBJECT,
                    what + "no longer than max_poll_interval, " + Words.of(maxPoll)
                            + ", so an idle table may lose its first changes",
                    mend));
        } else if (retention.compareTo(SHORT_RETENTION) < 0) {
            findings.add(Finding.warning(
                    SUBJECT, what + "whoever is away for longer has a gap, and must load the tables anew", mend));
        }
    }
}
