package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.SqlErrors;
import io.dstream.mssql.failure.Failure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;

/// How change data capture is doing in a database where it is enabled, as far as the login may know.
///
/// `highestLsn` was committed at `newestCommit`; both are absent before the first. Times are the server's
/// local ones, `now` is its clock.
public record CaptureHealth(
        Optional<Lsn> highestLsn,
        Optional<LocalDateTime> newestCommit,
        LocalDateTime now,
        JobState captureJob,
        Optional<Boolean> agentRuns,
        Optional<Duration> latency,
        Optional<Duration> retention) {

    private static final int AGENT_STOPPED = 1;
    private static final int AGENT_RUNNING = 4;

    /// An agent that ended without writing it down leaves its jobs as if they ran.
    public CaptureHealth {
        if (captureJob == JobState.RUNNING && isFalse(agentRuns)) {
            captureJob = JobState.STOPPED;
        }
    }

    /// True where SQL Server Agent is known to be stopped, and no job of it runs.
    public boolean isAgentStopped() {
        return isFalse(agentRuns);
    }

    private static boolean isFalse(Optional<Boolean> known) {
        return known.isPresent() && !known.get();
    }

    /// Of the capture job.
    public enum JobState {
        RUNNING,
        STOPPED,
        MISSING,
        /// The login may not see it, it does not run all the time, or there are no jobs, as in Azure SQL
        /// Database.
        UNKNOWN
    }

    /// Nothing was captured for three of the entries that the job makes when idle.
    public boolean standsStill() {
        return age().map(age -> age.compareTo(CapturePulse.STANDSTILL) >= 0).orElse(false);
    }

    /// How long ago the newest transaction was committed that is captured.
    public Optional<Duration> age() {
        return newestCommit.map(commit -> notNegative(Duration.between(commit, now)));
    }

    /// Of two readings of the server's clock.
    static Duration notNegative(Duration passed) {
        return passed.isNegative() ? Duration.ZERO : passed;
    }

    /// Asks the server. Throws `PermanentFailure` where the login may not read `cdc.lsn_time_mapping`.
    public static CaptureHealth read(Database database, DatabaseFacts facts) throws Failure, InterruptedException {
        return database.control("ask how capture is doing", connection -> read(connection, facts.isAzureSqlDatabase()));
    }

    private static CaptureHealth read(Connection connection, boolean azure) throws SQLException {
        Optional<CommitTime> newest = CommitTime.upTo(connection, Lsn.MAX);
        return new CaptureHealth(
                newest.map(CommitTime::commitLsn),
                newest.flatMap(CommitTime::committedAt),
                ask(connection, SurveySql.NOW, row -> row.getObject("server_now", LocalDateTime.class))
                        .orElseThrow(),
                azure ? JobState.UNKNOWN : captureJob(connection),
                azure
                        ? Optional.empty()
                        : ifAllowed(connection, SurveySql.AGENT, row -> row.getInt("status"))
                                .flatMap(CaptureHealth::agentRuns),
                ifAllowed(connection, SurveySql.LATENCY, row -> Duration.ofSeconds(row.getLong("latency_seconds"))),
                ifAllowed(
                        connection,
                        azure ? SurveySql.RETENTION_AZURE : SurveySql.RETENTION,
                        row -> Duration.ofMinutes(row.getLong("retention_minutes"))));
    }

    /// Empty for what is neither: on its way from one to the other, or NULL, which is read as 0.
    static Optional<Boolean> agentRuns(int status) {
        return switch (status) {
            case AGENT_RUNNING -> Optional.of(true);
            case AGENT_STOPPED -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static JobState captureJob(Connection connection) throws SQLException {
        try {
            return ask(connection, SurveySql.CAPTURE_JOB, CaptureHealth::jobState)
                    .orElse(JobState.MISSING);
        } catch (SQLException e) {
            if (SqlErrors.isOutOfReach(e)) {
                return JobState.UNKNOWN;
            }
            throw e;
        }
    }

    private static JobState jobState(ResultSet row) throws SQLException {
        boolean started = row.getObject("started_at", LocalDateTime.class) != null;
        boolean stopped = row.getObject("stopped_at", LocalDateTime.class) != null;
        if (started && !stopped) {
            return JobState.RUNNING;
        }
        return row.getBoolean("runs_always") ? JobState.STOPPED : JobState.UNKNOWN;
    }

    @FunctionalInterface
    private interface Column<T> {
        T of(ResultSet row) throws SQLException;
    }

    private static <T> Optional<T> ask(Connection connection, String query, Column<T> column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? Optional.of(column.of(row)) : Optional.empty();
        }
    }

    /// Empty where the login may not know.
    private static <T> Optional<T> ifAllowed(Connection connection, String query, Column<T> column)
            throws SQLException {
        try {
            return ask(connection, query, column);
        } catch (SQLException e) {
            if (SqlErrors.isOutOfReach(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
