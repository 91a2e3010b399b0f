package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What `msdb` and the dynamic views tell of one database's capture and cleanup jobs, as real tables of its
/// H2. On a real server `msdb` has the jobs of all databases; here each database has its own, which nobody can
/// tell who asks for those of `DB_ID()`, and an agent. The agent ends as if it was killed: its jobs stay marked as
/// running.
///
/// Sources: Microsoft Learn, "dbo.cdc_jobs", "dbo.sysjobactivity", "sys.dm_server_services",
/// "sys.dm_cdc_log_scan_sessions (Transact-SQL)".
final class AgentViews {

    /// Stands before the names of the tables of `msdb.dbo`, in schema `sys`.
    static final String MSDB = "msdb.dbo.";

    private static final SqlType NAME = new SqlType(Base.NVARCHAR, 256, 0, 0);
    private static final SqlType NUMBER = SqlType.of(Base.INT);
    private static final SqlType LARGE = SqlType.of(Base.BIGINT);
    private static final SqlType FLAG = SqlType.of(Base.BIT);
    private static final SqlType TIME = SqlType.of(Base.DATETIME);
    private static final SqlType ID = SqlType.of(Base.UNIQUEIDENTIFIER);
    private static final String JOBS = "\"sys\".\"" + MSDB + "cdc_jobs\"";
    private static final String ACTIVITY = "\"sys\".\"" + MSDB + "sysjobactivity\"";
    private static final int AGENT_SESSION = 1;
    private static final int STOPPED = 1;
    private static final int RUNNING = 4;
    private static final long DEFAULT_RETENTION_MINUTES = 4320;

    private final Connection h2;
    private final int databaseId;
    private final ZoneId zone;
    private boolean isRunning = true;

    AgentViews(Connection h2, int databaseId, ZoneId zone) {
        this.h2 = h2;
        this.databaseId = databaseId;
        this.zone = zone;
    }

    void create(Catalog catalog) throws SQLException, SqlServerError {
        table(
                catalog,
                MSDB + "cdc_jobs",
                column("database_id", NUMBER),
                column("job_type", NAME),
                column("job_id", ID),
                column("maxtrans", NUMBER),
                column("maxscans", NUMBER),
                column("continuous", FLAG),
                column("pollinginterval", LARGE),
                column("retention", LARGE),
                column("threshold", LARGE));
        table(
                catalog,
                MSDB + "sysjobactivity",
                column("session_id", NUMBER),
                column("job_id", ID),
                column("run_requested_date", TIME),
                column("start_execution_date", TIME),
                column("stop_execution_date", TIME));
        table(
                catalog,
                "dm_server_services",
                column("servicename", NAME),
                column("status", NUMBER),
                column("status_desc", NAME));
        table(
                catalog,
                "dm_cdc_log_scan_sessions",
                column("session_id", NUMBER),
                column("start_time", TIME),
                column("end_time", TIME),
                column("start_lsn", new SqlType(Base.NVARCHAR, 23, 0, 0)),
                column("empty_scan_count", NUMBER),
                column("latency", NUMBER));
        update("INSERT INTO \"sys\".\"dm_server_services\" VALUES ('SQL Server (STANDIN)', 4, 'Running'),"
                + " ('SQL Server Agent (STANDIN)', 4, 'Running')");
    }

    private void table(Catalog catalog, String name, Catalog.Column... columns) throws SQLException, SqlServerError {
        catalog.create(h2, "sys", name, List.of(columns), List.of());
    }

    private static Catalog.Column column(String name, SqlType type) {
        return new Catalog.Column(name, type, true, false, Optional.empty(), Optional.empty());
    }

    /// The first table was enabled. Nothing happens where the jobs are there.
    synchronized void addJobs() throws SQLException {
        if (changed("UPDATE " + JOBS + " SET \"continuous\" = \"continuous\"") > 0) {
            return;
        }
        UUID capture = UUID.randomUUID();
        update("INSERT INTO " + JOBS + " VALUES (?, 'capture', ?, 500, 10, TRUE, 5, 0, 0)", databaseId, capture);
        update(
                "INSERT INTO " + JOBS + " VALUES (?, 'cleanup', ?, 0, 0, FALSE, 0, ?, 5000)",
                databaseId,
                UUID.randomUUID(),
                DEFAULT_RETENTION_MINUTES);
        update(
                "INSERT INTO " + ACTIVITY + " VALUES (?, ?, ?, ?, NULL)",
                AGENT_SESSION,
                capture,
                LocalDateTime.now(zone),
                LocalDateTime.now(zone));
        update("INSERT INTO \"sys\".\"dm_cdc_log_scan_sessions\" VALUES (0, NULL, NULL, '', 0, 0),"
                + " (1, NULL, NULL, '00000000:00000000:0000', 0, 0)");
    }

    /// The agent was stopped or started; it starts the capture job with it.
    synchronized void agentRuns(boolean runs) throws SQLException {
        update(
                "UPDATE \"sys\".\"dm_server_services\" SET \"status\" = ?, \"status_desc\" = ?"
                        + " WHERE \"servicename\" LIKE 'SQL Server Agent%'",
                runs ? RUNNING : STOPPED, runs ? "Running" : "Stopped");
        isRunning = runs;
        if (runs) {
            captureStarted();
        }
    }

    /// Errors: 22022.
    synchronized void requireRunning() throws SqlServerError {
        if (!isRunning) {
            throw new SqlServerError(
                    22022, "SQLServerAgent is not currently running so it cannot be notified of this action.");
        }
    }

    /// CDC was disabled for the database.
    synchronized void dropJobs() throws SQLException {
        update("DELETE FROM " + JOBS);
        update("DELETE FROM " + ACTIVITY);
        update("DELETE FROM \"sys\".\"dm_cdc_log_scan_sessions\"");
    }

    synchronized void captureStarted() throws SQLException {
        update(
                "UPDATE " + ACTIVITY + " SET \"start_execution_date\" = ?, \"stop_execution_date\" = NULL",
                LocalDateTime.now(zone));
    }

    synchronized void captureStopped() throws SQLException {
        update("UPDATE " + ACTIVITY + " SET \"stop_execution_date\" = ?", LocalDateTime.now(zone));
    }

    synchronized void changeRetention(long minutes) throws SQLException {
        update("UPDATE " + JOBS + " SET \"retention\" = ? WHERE \"job_type\" = 'cleanup'", minutes);
    }

    private void update(String sql, @Nullable Object... values) throws SQLException {
        changed(sql, values);
    }

    private int changed(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = h2.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
