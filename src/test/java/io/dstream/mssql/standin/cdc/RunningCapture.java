package io.dstream.mssql.standin.cdc;

import static io.dstream.mssql.standin.cdc.CdcSchema.quoted;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.engine.Catalog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/// What there is only while a database is enabled: the tables, the job, and their connections.
final class RunningCapture implements AutoCloseable {

    private final List<Connection> opened;
    private final Catalog catalog;
    private final CdcSchema schema;
    private final Connection reader;
    private final CaptureJob job;

    RunningCapture(Catalog catalog, Connection ddl, Connection reader, Connection writer, CaptureJob job) {
        this.opened = List.of(ddl, reader, writer);
        this.catalog = catalog;
        this.schema = new CdcSchema(ddl, catalog);
        this.reader = reader;
        this.job = job;
    }

    CdcSchema schema() {
        return schema;
    }

    CaptureJob job() {
        return job;
    }

    /// The maximum LSN of `cdc.lsn_time_mapping`. Throws where the job has failed.
    Optional<Lsn> maxLsn() throws SQLException {
        job.check();
        synchronized (reader) {
            try (Statement statement = reader.createStatement();
                    ResultSet max = statement.executeQuery("SELECT MAX(" + quoted("start_lsn") + ") FROM "
                            + catalog.h2Name("cdc", CdcTables.LSN_TIME_MAPPING))) {
                max.next();
                return Optional.ofNullable(max.getBytes(1)).map(Lsn::of);
            }
        }
    }

    /// Stops the job, then lets go of the connections.
    @Override
    public void close() {
        job.close();
        for (Connection connection : opened) {
            try {
                connection.close();
            } catch (SQLException alreadyGone) {
                throw new IllegalStateException(alreadyGone);
            }
        }
    }
}
