package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.cdc.ChangeCapture;
import java.sql.Connection;
import java.sql.SQLException;

/// Makes the change data capture of each database that is created.
@FunctionalInterface
public interface ChangeCaptureFactory {

    /// Opens connections to the database's H2, each with auto-commit on and schema `dbo` current.
    @FunctionalInterface
    interface Connections {
        /// The caller closes it.
        Connection open() throws SQLException;
    }

    /// For one database; closed when it is dropped.
    ChangeCapture open(String database, Connections connections, Catalog catalog) throws SQLException;
}
