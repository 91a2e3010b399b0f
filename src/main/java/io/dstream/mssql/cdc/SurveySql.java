package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Identifiers;

/// What is asked about the state of change data capture, by those who do not read changes. All of it is cheap:
/// a bound, or an index.
final class SurveySql {

    /// No parameters.
    static final String USER =
            "SELECT USER_NAME() AS user_name, SCHEMA_NAME() AS schema_name, SUSER_SNAME() AS login_name";

    /// No parameters.
    static final String NOW = "SELECT CAST(GETDATE() AS datetime) AS server_now";

    /// No parameters. Minutes that change rows are kept. The jobs of all databases are in `msdb`; who has no
    /// permission there is refused. Source: Microsoft Learn, "dbo.cdc_jobs (Transact-SQL)".
    static final String RETENTION = """
            SELECT j.retention AS retention_minutes
            FROM msdb.dbo.cdc_jobs AS j
            WHERE j.database_id = DB_ID() AND j.job_type = N'cleanup'""";

    /// As above, for Azure SQL Database, which has no `msdb`.
    static final String RETENTION_AZURE = """
            SELECT j.retention AS retention_minutes
            FROM cdc.cdc_jobs AS j
            WHERE j.job_type = N'cleanup'""";

    /// No parameters. When the capture job last started and stopped, in the agent's newest session that knows
    /// it. Source: Microsoft Learn, "dbo.sysjobactivity (Transact-SQL)".
    static final String CAPTURE_JOB = """
            SELECT TOP (1) j.continuous AS runs_always,
                   a.start_execution_date AS started_at,
                   a.stop_execution_date AS stopped_at
            FROM msdb.dbo.cdc_jobs AS j
            LEFT JOIN msdb.dbo.sysjobactivity AS a ON a.job_id = j.job_id
            WHERE j.database_id = DB_ID() AND j.job_type = N'capture'
            ORDER BY a.session_id DESC""";

    /// No parameters. 1 is stopped, 4 is running, others are in between or NULL. Needs VIEW SERVER STATE. Source:
    /// Microsoft Learn, "sys.dm_server_services".
    static final String AGENT = """
            SELECT s.status AS status
            FROM sys.dm_server_services AS s
            WHERE s.servicename LIKE N'SQL Server Agent%'""";

    /// No parameters. Seconds that the newest scan of the log was behind. Session 0 is the sum of all. Needs
    /// VIEW DATABASE STATE. Source: Microsoft Learn, "sys.dm_cdc_log_scan_sessions".
    static final String LATENCY = """
            SELECT TOP (1) s.latency AS latency_seconds
            FROM sys.dm_cdc_log_scan_sessions AS s
            WHERE s.session_id <> 0
            ORDER BY s.session_id DESC""";

    /// 1 source object id. Oldest first; `low_watermark` is 10 zero bytes where the login may not see the
    /// instance.
    static final String INSTANCES = """
            SELECT c.capture_instance AS capture_instance,
                   c.start_lsn AS start_lsn,
                   c.role_name AS role_name,
                   sys.fn_cdc_get_min_lsn(c.capture_instance) AS low_watermark
            FROM cdc.change_tables AS c
            WHERE c.source_object_id = ?
            ORDER BY c.create_date, c.object_id""";

    /// 1 commit LSN. When the newest transaction up to it was committed, in the server's local time.
    static final String TIME_UP_TO = """
            SELECT TOP (1) m.start_lsn AS start_lsn, m.tran_end_time AS tran_end_time
            FROM cdc.lsn_time_mapping AS m
            WHERE m.start_lsn <= ?
            ORDER BY m.start_lsn DESC""";

    /// 1 most, 2 commit LSN. How many commit LSNs come after it.
    static final String LSNS_AFTER = """
            SELECT COUNT(*) AS lsn_count
            FROM (
                SELECT TOP (?) m.start_lsn AS start_lsn
                FROM cdc.lsn_time_mapping AS m
                WHERE m.start_lsn > ?
                ORDER BY m.start_lsn
            ) AS w""";

    private SurveySql() {}

    /// 1 most, 2 first commit LSN. How many changes the change table has from there on.
    static String changesFrom(CaptureInstance instance) {
        return """
                SELECT COUNT(*) AS change_count
                FROM (
                    SELECT TOP (?) c.[__$start_lsn] AS start_lsn
                    FROM %s AS c
                    WHERE c.[__$start_lsn] >= ? AND c.[__$operation] <> 3
                    ORDER BY c.[__$start_lsn]
                ) AS w""".formatted(Identifiers.quote("cdc", instance.name() + "_CT"));
    }
}
