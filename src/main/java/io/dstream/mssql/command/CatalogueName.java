package io.dstream.mssql.command;

import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;

/// A configured table's name in the catalogue's case.
final class CatalogueName {

    private CatalogueName() {}

    /// As it is written where there is no such table any more: what a run left for it is still to be found.
    static TableName of(Database database, TableEntry entry) throws Failure, InterruptedException {
        try {
            return SourceTable.find(database, entry.schema(), entry.table()).name();
        } catch (PermanentFailure gone) {
            return new TableName(entry.schema(), entry.table());
        }
    }
}
