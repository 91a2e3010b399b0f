package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// What one database declares: the T-SQL types that H2 does not keep. Names are found without regard to case and
/// answered as declared. Keeps `sys.tables`, `sys.schemas`, `sys.columns`, `sys.types` in step. Thread-safe.
public interface Catalog {

    /// One declared column. `computedAs` is its expression; `alias` the user-defined alias type it was declared with.
    record Column(
            String name,
            SqlType type,
            boolean nullable,
            boolean identity,
            Optional<String> computedAs,
            Optional<String> alias) {}

    /// One declared table; `primaryKey` names columns and is empty where there is none.
    record Table(int objectId, String schema, String name, List<Column> columns, List<String> primaryKey) {}

    /// The table, if there is one.
    Optional<Table> table(String schema, String name);

    /// Creates the table in H2 and declares it. H2 DDL commits: never call it inside a client's transaction.
    Table create(Connection h2, String schema, String name, List<Column> columns, List<String> primaryKey)
            throws SQLException, SqlServerError;

    /// Gives the column of that name another type, in H2 too, where its values are converted.
    void alterColumn(Connection h2, Table table, Column to) throws SQLException, SqlServerError;

    /// As in `sys.columns`: never used twice in a table.
    int columnId(Table table, String column);

    /// Drops the table from H2 and from the catalogue.
    void drop(Connection h2, String schema, String name) throws SQLException, SqlServerError;

    /// `schema.name` quoted for H2.
    String h2Name(String schema, String name);
}
