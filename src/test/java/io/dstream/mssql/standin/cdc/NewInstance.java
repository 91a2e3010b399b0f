package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.standin.engine.Catalog;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A request for a capture instance that may be granted: its defaults filled in, its columns in the source's order.
///
/// Source: Microsoft Learn, "sys.sp_cdc_enable_table (Transact-SQL)" and the list of database engine errors.
record NewInstance(
        String name,
        Catalog.Table source,
        List<Catalog.Column> columns,
        Optional<String> gatingRole,
        boolean supportsNetChanges) {

    private static final int INSTANCES_PER_TABLE = 2;

    static NewInstance check(ChangeCapture.EnableTable request, Catalog catalog, CaptureInstances instances)
            throws SqlServerError {
        String where = "'" + request.schema() + "." + request.table() + "'";
        if (request.schema().equalsIgnoreCase("cdc")) {
            throw new SqlServerError(
                    22974, "Tables contained in the cdc schema cannot be enabled for Change Data Capture.");
        }
        Catalog.Table source = catalog.table(request.schema(), request.table())
                .orElseThrow(() -> new SqlServerError(
                        22931,
                        "Source table " + where + " does not exist in the current database. Ensure that the correct"
                                + " database context is set. Specify a valid schema and table name for the database."));
        String name = request.captureInstance().orElse(source.schema() + "_" + source.name());
        checkInstances(name, where, source, instances);
        if (request.supportsNetChanges() && source.primaryKey().isEmpty()) {
            throw new SqlServerError(
                    22939,
                    "The parameter @supports_net_changes is set to 1, but the source table does not have a primary key"
                            + " defined and no alternate unique index has been specified.");
        }
        List<Catalog.Column> columns = captured(request.columns(), source, where);
        return new NewInstance(name, source, columns, request.gatingRole(), request.supportsNetChanges());
    }

    private static void checkInstances(String name, String where, Catalog.Table source, CaptureInstances instances)
            throws SqlServerError {
        if (instances.named(name).isPresent()) {
            throw new SqlServerError(
                    22926,
                    "Could not create a capture instance because the capture instance name '" + name
                            + "' already exists in the current database. Specify an explicit unique name for the"
                            + " parameter @capture_instance.");
        }
        if (instances.of(CaptureInstances.key(source.schema(), source.name())).size() == INSTANCES_PER_TABLE) {
            throw new SqlServerError(
                    22962,
                    "Two capture instances already exist for source table " + where + ". A table can have at most two"
                            + " capture instances. If the current tracking options are not appropriate, disable change"
                            + " tracking for the obsolete instance by using sys.sp_cdc_disable_table and retry the"
                            + " operation.");
        }
    }

    /// The named columns, or all.
    private static List<Catalog.Column> captured(List<String> names, Catalog.Table source, String where)
            throws SqlServerError {
        for (String name : names) {
            if (source.columns().stream().noneMatch(column -> column.name().equalsIgnoreCase(name))) {
                throw new SqlServerError(
                        22930,
                        "Could not locate '" + name + "' as a column of source table " + where
                                + ". Specify a valid column name.");
            }
        }
        List<Catalog.Column> captured = new ArrayList<>(source.columns());
        captured.removeIf(column -> !names.isEmpty() && names.stream().noneMatch(column.name()::equalsIgnoreCase));
        return captured;
    }
}
