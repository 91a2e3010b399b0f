package io.dstream.mssql.standin.engine;

import static io.dstream.mssql.standin.engine.ReportRows.NAME;
import static io.dstream.mssql.standin.engine.ReportRows.NUMBER;

import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The procedures that tell about change data capture and change nothing.
///
/// Source: Microsoft Learn, "sys.sp_cdc_help_change_data_capture (Transact-SQL)", "sys.sp_cdc_help_jobs
/// (Transact-SQL)".
final class CdcReports {

    private static final SqlType FLAG = SqlType.of(Base.BIT);
    private static final SqlType LARGE = SqlType.of(Base.BIGINT);
    private static final SqlType LSN = new SqlType(Base.BINARY, 10, 0, 0);
    private static final SqlType LIST = new SqlType(Base.NVARCHAR, -1, 0, 0);

    private final EngineSession session;
    private final Answers answers;

    CdcReports(EngineSession session, Answers answers) {
        this.session = session;
        this.answers = answers;
    }

    /// `sys.sp_cdc_help_change_data_capture` for all instances that the caller may read. Errors: 22901.
    void instances(ProcedureCall call) throws SQLException, SqlServerError, IOException {
        call.bind();
        requireEnabled();
        ReportRows report = new ReportRows()
                .with(NAME, "source_schema", "source_table", "capture_instance")
                .with(NUMBER, "object_id", "source_object_id")
                .with(LSN, "start_lsn", "end_lsn")
                .with(FLAG, "supports_net_changes", "has_drop_pending")
                .with(NAME, "role_name", "index_name", "filegroup_name")
                .with(SqlType.of(Base.DATETIME), "create_date")
                .with(LIST, "index_column_list", "captured_column_list");
        String sql = """
                SELECT "object_id", "source_object_id", "capture_instance", "start_lsn", "supports_net_changes",
                       "role_name", "index_name", "create_date"
                FROM "cdc"."change_tables" ORDER BY "object_id\"""";
        try (Connection h2 = session.home().open();
                PreparedStatement statement = h2.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                if (CdcAccess.mayRead(session, row.getString(3))) {
                    add(row, report);
                }
            }
        }
        report.answer(answers);
    }

    private void add(ResultSet row, ReportRows report) throws SQLException {
        int changeTable = row.getInt(1);
        Optional<Catalog.Table> source = session.home().catalog().table(row.getInt(2));
        report.add(
                source.map(Catalog.Table::schema),
                source.map(Catalog.Table::name),
                row.getString(3),
                changeTable,
                row.getInt(2),
                row.getBytes(4),
                null,
                row.getBoolean(5),
                false,
                row.getString(6),
                row.getString(7),
                null,
                row.getObject(8, LocalDateTime.class),
                columnList("index_columns", "index_ordinal", changeTable),
                columnList("captured_columns", "column_ordinal", changeTable));
    }

    /// `[a], [b]`.
    private String columnList(String table, String order, int changeTable) throws SQLException {
        String sql = "SELECT \"column_name\" FROM \"cdc\".\"" + table + "\" WHERE \"object_id\" = ? ORDER BY \"" + order
                + "\"";
        List<String> names = new ArrayList<>();
        try (Connection h2 = session.home().open();
                PreparedStatement statement = h2.prepareStatement(sql)) {
            statement.setInt(1, changeTable);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    names.add("[" + row.getString(1).replace("]", "]]") + "]");
                }
            }
        }
        return String.join(", ", names);
    }

    /// `sys.sp_cdc_help_jobs`. Errors: 22901, 22904.
    void jobs(ProcedureCall call) throws SQLException, SqlServerError, IOException {
        call.bind();
        requireEnabled();
        if (!session.home().permissions().isMember(session.user().name(), "db_owner")) {
            throw new SqlServerError(
                    22904, "Caller is not authorized to initiate the requested action. DBO privileges are required.");
        }
        ReportRows report = new ReportRows()
                .with(SqlType.of(Base.UNIQUEIDENTIFIER), "job_id")
                .with(NAME, "job_type", "job_name")
                .with(NUMBER, "maxtrans", "maxscans")
                .with(FLAG, "continuous")
                .with(LARGE, "pollinginterval", "retention", "threshold");
        String sql = "SELECT * FROM \"sys\".\"" + AgentViews.MSDB + "cdc_jobs\" ORDER BY \"job_type\"";
        try (Connection h2 = session.home().open();
                PreparedStatement statement = h2.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String type = row.getString("job_type");
                report.add(
                        row.getObject("job_id", UUID.class),
                        type,
                        "cdc." + session.database() + "_" + type,
                        row.getInt("maxtrans"),
                        row.getInt("maxscans"),
                        row.getBoolean("continuous"),
                        row.getLong("pollinginterval"),
                        row.getLong("retention"),
                        row.getLong("threshold"));
            }
        }
        report.answer(answers);
    }

    private void requireEnabled() throws SqlServerError {
        if (!session.home().capture().isEnabled()) {
            throw new SqlServerError(
                    22901, "The database '" + session.database() + "' is not enabled for Change Data Capture.");
        }
    }
}
