package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Identifiers;
import java.time.Duration;

/// The statements that set up or mend change data capture: some we run when asked to, most we tell somebody to
/// run.
///
/// Source: Microsoft Learn, "Enable and disable change data capture".
public final class SetupSql {

    /// Takes a sysadmin; in Azure SQL Database, a `db_owner`.
    public static final String ENABLE_DATABASE = "EXEC sys.sp_cdc_enable_db";

    /// Takes a `db_owner`.
    public static final String START_CAPTURE_JOB = "EXEC sys.sp_cdc_start_job @job_type = N'capture'";

    /// Takes a `db_owner`.
    public static final String STOP_CAPTURE_JOB = "EXEC sys.sp_cdc_stop_job @job_type = N'capture'";

    /// Takes a `db_owner`.
    public static final String ADD_CAPTURE_JOB = "EXEC sys.sp_cdc_add_job @job_type = N'capture'";

    private SetupSql() {}

    /// Takes a `db_owner`. Without gating role, as most do.
    public static String enableTable(TableName table) {
        return "EXEC sys.sp_cdc_enable_table @source_schema = " + Identifiers.text(table.schema()) + ", @source_name = "
                + Identifiers.text(table.table()) + ", @role_name = NULL";
    }

    /// Takes a `db_owner`. The cleanup job goes by it from its next run on.
    public static String changeRetention(Duration retention) {
        return "EXEC sys.sp_cdc_change_job @job_type = N'cleanup', @retention = " + retention.toMinutes();
    }

    /// Lets `user` read `table`, which its change table asks for too.
    public static String grantSelect(TableName table, String user) {
        return "GRANT SELECT ON " + Identifiers.quote(table.schema(), table.table()) + " TO " + Identifiers.quote(user);
    }

    /// Lets `user` read the change table of `instance` itself.
    public static String grantChangeTable(CaptureInstance instance, String user) {
        return "GRANT SELECT ON " + Identifiers.quote("cdc", instance.name() + "_CT") + " TO "
                + Identifiers.quote(user);
    }
}
