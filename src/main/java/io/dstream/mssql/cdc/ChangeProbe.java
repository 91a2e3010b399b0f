package io.dstream.mssql.cdc;

import io.dstream.mssql.cdc.Sighting.Newest;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.KeptConnection;
import io.dstream.mssql.db.SqlErrors;
import io.dstream.mssql.failure.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks which tables have something new, by one request however many tables there are. While the highest LSN stands
/// still it asks for nothing else; [MaxLsnWatch] learns of it. Used by one thread.
public final class ChangeProbe implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChangeProbe.class);

    private final MaxLsnWatch highestLsn;
    private final KeptConnection connection;

    private ProbedTables tables = ProbedTables.NONE;

    /// For `tables`, and kept as long as they are: its text is long.
    private Optional<PreparedStatement> prepared = Optional.empty();

    private Optional<Sighting> last = Optional.empty();
    private boolean hasMoved;

    /// Whose change tables the login may not read, as far as that was said.
    private final Set<TableName> saidToBeHidden = new HashSet<>();

    /// Opens nothing yet.
    public ChangeProbe(Database database, MaxLsnWatch highestLsn) {
        this.highestLsn = highestLsn;
        this.connection = database.kept();
    }

    /// What is to be seen of `sources` now. After a failure it begins anew: which change tables there are, and which
    /// of them the login may read.
    public Sighting look(List<SourceTable> sources) throws Failure, InterruptedException {
        boolean seen = false;
        try {
            Sighting now = connection.run("look for changes", asked -> lookOrTryAgain(asked, sources));
            seen = true;
            return now;
        } finally {
            if (!seen) {
                // The connection is gone, and the statement with it.
                tables = ProbedTables.NONE;
                prepared = Optional.empty();
            }
        }
    }

    /// One whose change table was dropped meanwhile takes the look from nobody.
    private Sighting lookOrTryAgain(Connection asked, List<SourceTable> sources)
            throws SQLException, Failure, InterruptedException {
        try {
            return look(asked, sources);
        } catch (SQLException e) {
            if (!SqlErrors.is(e, SqlErrors.MISSING_OBJECT)) {
                throw e;
            }
            log.debug("Looking again, a change table was dropped error={}", e.getMessage());
            tables = ProbedTables.NONE;
            return look(asked, sources);
        }
    }

    private Sighting look(Connection asked, List<SourceTable> sources)
            throws SQLException, Failure, InterruptedException {
        if (!tables.areOf(sources)) {
            find(asked, sources);
        } else if (last.isPresent()
                && !hasMoved
                && highestLsn.refreshed(asked).equals(last.get().highest())) {
            return last.get();
        }
        Sighting now = see();
        // It is not asked for alone when it has most likely moved again.
        hasMoved = !last.map(Sighting::highest).equals(Optional.of(now.highest()));
        last = Optional.of(now);
        if (!tables.areNewest(now)) {
            tables = ProbedTables.NONE;
        }
        return now;
    }

    private void find(Connection asked, List<SourceTable> sources) throws SQLException {
        if (prepared.isPresent()) {
            prepared.get().close();
        }
        tables = ProbedTables.find(asked, sources);
        prepared = Optional.of(asked.prepareStatement(tables.look()));
        for (ChangeTable hidden : tables.unreadable()) {
            if (saidToBeHidden.add(hidden.source())) {
                log.info(
                        "The login may not read a change table, changes are noticed only when the table's own wait is"
                                + " over, max_poll_interval at most table={} grant={}",
                        hidden.source(),
                        hidden.grant());
            }
        }
    }

    private Sighting see() throws SQLException, InterruptedException {
        PreparedStatement statement = prepared.orElseThrow();
        long before = System.nanoTime();
        statement.execute();
        Optional<Lsn> highest;
        try (ResultSet row = statement.getResultSet()) {
            highest = highestLsn.saw(row, before);
        }
        Map<Integer, Optional<Lsn>> lastRows = new HashMap<>();
        for (int result = 0; result < ProbeSql.results(tables.readable()); result++) {
            statement.getMoreResults();
            readLastRows(statement, lastRows);
        }
        Map<Integer, Newest> newest = new HashMap<>();
        while (statement.getMoreResults()) {
            readNewest(statement, newest);
        }
        return new Sighting(highest, lastRows, newest);
    }

    private static void readLastRows(PreparedStatement statement, Map<Integer, Optional<Lsn>> lastRows)
            throws SQLException {
        try (ResultSet row = statement.getResultSet()) {
            while (row.next()) {
                lastRows.put(row.getInt("object_id"), lsn(row, "last_lsn"));
            }
        }
    }

    /// They come oldest first.
    private static void readNewest(PreparedStatement statement, Map<Integer, Newest> newest) throws SQLException {
        try (ResultSet row = statement.getResultSet()) {
            while (row.next()) {
                newest.put(row.getInt("source_object_id"), new Newest(row.getInt("object_id"), lsn(row, "start_lsn")));
            }
        }
    }

    private static Optional<Lsn> lsn(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getBytes(column)).map(Lsn::of);
    }

    /// Ends its connection.
    @Override
    public void close() {
        connection.close();
    }
}
