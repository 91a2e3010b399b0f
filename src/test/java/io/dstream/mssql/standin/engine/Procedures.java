package io.dstream.mssql.standin.engine;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.cdc.ChangeCapture;
import io.dstream.mssql.standin.tsql.ObjectName;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The system procedures that the stand-in knows.
final class Procedures {

    private final EngineSession session;
    private final Answers answers;

    Procedures(EngineSession session, Answers answers) {
        this.session = session;
        this.answers = answers;
    }

    /// Answers the return status. Errors: 2812 for a procedure that it does not know.
    int call(ProcedureCall call) throws SQLException, SqlServerError, IOException, InterruptedException {
        int status = dispatch(call);
        answers.done(StatementKind.OTHER, -1);
        return status;
    }

    private int dispatch(ProcedureCall call) throws SQLException, SqlServerError, IOException, InterruptedException {
        if (!call.isIn(session.database())) {
            throw unknown(call);
        }
        return switch (call.shortName()) {
            case "sp_getapplock" -> new AppLockProcedures(session).get(call);
            case "sp_releaseapplock" -> new AppLockProcedures(session).release(call);
            case "sp_rename" -> renameColumn(call);
            case "sp_addrolemember" -> addRoleMember(call);
            case "xp_servicecontrol" -> controlAgent(call);
            case "sp_tables", "sp_pkeys", "sp_cdc_help_change_data_capture", "sp_cdc_help_jobs" -> report(call);
            default -> {
                if (!call.shortName().startsWith("sp_cdc_")) {
                    throw unknown(call);
                }
                yield cdc(call);
            }
        };
    }

    private int report(ProcedureCall call) throws SQLException, SqlServerError, IOException {
        switch (call.shortName()) {
            case "sp_tables" -> new CatalogueProcedures(session, answers).tables(call);
            case "sp_pkeys" -> new CatalogueProcedures(session, answers).primaryKeys(call);
            case "sp_cdc_help_jobs" -> new CdcReports(session, answers).jobs(call);
            default -> new CdcReports(session, answers).instances(call);
        }
        return 0;
    }

    private static SqlServerError unknown(ProcedureCall call) {
        return new SqlServerError(2812, 16, 62, "Could not find stored procedure '" + call.procedure() + "'.");
    }

    /// Columns only, as `schema.table.column`. Errors: 4928 for a captured table. Source: Debezium, "SQL Server
    /// connector", schema evolution: a column of a table with CDC cannot be renamed.
    private int renameColumn(ProcedureCall call) throws SQLException, SqlServerError {
        ProcedureCall.Arguments arguments = call.bind("@objname", "@newname", "@objtype");
        ObjectName name = ObjectName.parse(arguments.require("@objname"));
        String schema = name.database().orElse("dbo");
        String column = name.name();
        DatabaseCatalog catalog = session.home().catalog();
        Catalog.Table table = catalog.table(schema, name.schema().orElse(""))
                .filter(found ->
                        found.columns().stream().anyMatch(each -> each.name().equalsIgnoreCase(column)))
                .filter(found -> arguments.text("@objtype").orElse("").equalsIgnoreCase("COLUMN"))
                .orElseThrow(() -> new SqlServerError(
                        15248,
                        "Either the parameter @objname is ambiguous or the claimed @objtype (COLUMN) is wrong."));
        if (session.home().capture().isCaptured(table.schema(), table.name())) {
            throw new SqlServerError(4928, "Cannot alter column '" + column + "' because it is 'REPLICATED'.");
        }
        catalog.renameColumn(session.h2(), table, column, arguments.require("@newname"));
        return 0;
    }

    private int addRoleMember(ProcedureCall call) throws SqlServerError {
        ProcedureCall.Arguments arguments = call.bind("@rolename", "@membername");
        session.home().permissions().addMember(arguments.require("@rolename"), arguments.require("@membername"));
        return 0;
    }

    /// Stops and starts SQL Server Agent for this database, the only service it knows.
    private int controlAgent(ProcedureCall call) throws SQLException, SqlServerError {
        ProcedureCall.Arguments arguments = call.bind("@action", "@service");
        if (!arguments.require("@service").equalsIgnoreCase("SQLServerAGENT")) {
            throw unknown(call);
        }
        boolean runs = !arguments.require("@action").equalsIgnoreCase("stop");
        if (runs) {
            session.home().capture().resume();
        } else {
            session.home().capture().pause();
        }
        session.home().agent().agentRuns(runs);
        return 0;
    }

    private int cdc(ProcedureCall call) throws SQLException, SqlServerError {
        if (!session.home().permissions().isMember(session.user().name(), "db_owner")) {
            throw new SqlServerError(
                    22904, "Caller is not authorized to initiate the requested action. DBO privileges are required.");
        }
        if (session.transactions().depth() > 0) {
            throw new SqlServerError(
                    226,
                    16,
                    6,
                    call.procedure() + " not allowed within multi-statement transaction (in the stand-in).");
        }
        ChangeCapture capture = session.home().capture();
        switch (call.shortName()) {
            case "sp_cdc_enable_db" -> capture.enableDatabase();
            case "sp_cdc_disable_db" -> {
                capture.disableDatabase();
                session.home().agent().dropJobs();
            }
            case "sp_cdc_enable_table" -> {
                enableTable(call, capture);
                session.home().agent().addJobs();
            }
            case "sp_cdc_disable_table" -> disableTable(call, capture);
            case "sp_cdc_cleanup_change_table" -> cleanup(call, capture);
            case "sp_cdc_start_job" -> {
                if (isCaptureJob(call)) {
                    session.home().agent().requireRunning();
                    capture.resume();
                    session.home().agent().captureStarted();
                }
            }
            case "sp_cdc_stop_job" -> {
                if (isCaptureJob(call)) {
                    capture.pause();
                    session.home().agent().captureStopped();
                }
            }
            case "sp_cdc_change_job" -> changeJob(call);
            default -> throw unknown(call);
        }
        session.home().refreshTracked();
        session.engine().refreshDatabases();
        return 0;
    }

    private void enableTable(ProcedureCall call, ChangeCapture capture) throws SQLException, SqlServerError {
        ProcedureCall.Arguments arguments = call.bind(
                "@source_schema",
                "@source_name",
                "@role_name",
                "@capture_instance",
                "@supports_net_changes",
                "@index_name",
                "@captured_column_list",
                "@filegroup_name",
                "@allow_partition_switch");
        Optional<String> role = arguments.text("@role_name");
        role.ifPresent(session.home().permissions()::createRoleIfAbsent);
        boolean net =
                arguments.text("@supports_net_changes").filter(v -> !isFalse(v)).isPresent();
        capture.enableTable(new ChangeCapture.EnableTable(
                arguments.require("@source_schema"),
                arguments.require("@source_name"),
                arguments.text("@capture_instance"),
                role,
                columns(arguments.text("@captured_column_list").orElse("")),
                net));
    }

    private static boolean isFalse(String value) {
        return value.equals("0") || value.toLowerCase(Locale.ROOT).equals("false");
    }

    private static List<String> columns(String list) throws SqlServerError {
        List<String> columns = new ArrayList<>();
        for (String column : list.isBlank() ? new String[0] : list.split(",", -1)) {
            columns.add(ObjectName.parse(column).name());
        }
        return columns;
    }

    private static void disableTable(ProcedureCall call, ChangeCapture capture) throws SQLException, SqlServerError {
        ProcedureCall.Arguments arguments = call.bind("@source_schema", "@source_name", "@capture_instance");
        capture.disableTable(
                arguments.require("@source_schema"),
                arguments.require("@source_name"),
                arguments.require("@capture_instance"));
    }

    private static void cleanup(ProcedureCall call, ChangeCapture capture) throws SQLException, SqlServerError {
        ProcedureCall.Arguments arguments =
                call.bind("@capture_instance", "@low_water_mark", "@threshold", "@fCleanupFailed");
        boolean given =
                arguments.find("@low_water_mark").orElse("") instanceof byte[] bytes && bytes.length == Lsn.LENGTH;
        if (!given) {
            throw new SqlServerError(
                    22964, "The stand-in's sp_cdc_cleanup_change_table needs @low_water_mark, 10 bytes.");
        }
        byte[] low = (byte[]) arguments.find("@low_water_mark").orElseThrow();
        capture.cleanup(arguments.require("@capture_instance"), Lsn.of(low));
    }

    private static boolean isCaptureJob(ProcedureCall call) throws SqlServerError {
        return call.bind("@job_type").text("@job_type").orElse("capture").equalsIgnoreCase("capture");
    }

    private void changeJob(ProcedureCall call) throws SQLException, SqlServerError {
        ProcedureCall.Arguments arguments = call.bind(
                "@job_type", "@maxtrans", "@maxscans", "@continuous", "@pollinginterval", "@retention", "@threshold");
        Optional<String> retention = arguments.text("@retention");
        if (retention.isPresent()) {
            session.home().agent().changeRetention(Long.parseLong(retention.get()));
        }
    }
}
