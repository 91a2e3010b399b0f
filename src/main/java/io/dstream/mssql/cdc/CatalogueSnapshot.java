package io.dstream.mssql.cdc;

import io.dstream.mssql.config.ColumnChoice;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.SqlErrors;
import io.dstream.mssql.failure.Failure;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What the catalogue said of some tables at one moment: three queries for some hundred of them. Immutable.
public final class CatalogueSnapshot {

    /// By their names in lower case.
    private final Map<TableName, List<SourceTable>> tables;

    private final CaptureCatalogue captures;

    private CatalogueSnapshot(List<SourceTable> tables, CaptureCatalogue captures) {
        this.tables = tables.stream().collect(Collectors.groupingBy(table -> lowerCase(table.name())));
        this.captures = captures;
    }

    /// Asks the database for the tables that have one of `names`, whatever their case.
    public static CatalogueSnapshot read(Database database, Collection<TableName> names)
            throws Failure, InterruptedException {
        Set<TableName> wanted = names.stream().map(CatalogueSnapshot::lowerCase).collect(Collectors.toSet());
        return database.control("read the capture instances of all followed tables", connection -> {
            List<SourceTable> tables = SourceTable.all(connection).stream()
                    .filter(table -> wanted.contains(lowerCase(table.name())))
                    .toList();
            List<Integer> ids = tables.stream().map(SourceTable::objectId).toList();
            return new CatalogueSnapshot(tables, CaptureCatalogue.snapshot(connection, ids));
        });
    }

    /// The newest capture instance of a table: it will be read, sooner or later, wherever the table stands. Throws
    /// `PermanentFailure` where the table cannot be followed, and another `Failure` where that is not known yet.
    public CaptureInstance newestInstance(String schema, String table, ColumnChoice columns) throws Failure {
        List<SourceTable> candidates = tables.getOrDefault(lowerCase(new TableName(schema, table)), List.of());
        SourceTable found =
                SourceTable.choose(candidates, new TableName(schema, table)).reading(columns);
        try {
            return new CaptureInstances(found).newest(captures);
        } catch (SQLException e) {
            throw SqlErrors.translate("read capture instances of " + found.name(), e);
        }
    }

    private static TableName lowerCase(TableName name) {
        return new TableName(
                name.schema().toLowerCase(Locale.ROOT), name.table().toLowerCase(Locale.ROOT));
    }
}
