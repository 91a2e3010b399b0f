package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.Identifiers;
import io.dstream.mssql.db.SqlErrors;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The highest commit LSN of the database, asked once a tick whatever the number of tables that want to know. The same
/// question brings the server's own name, which tells when another one answers. Thread-safe.
///
/// Reads `cdc.lsn_time_mapping` and not `sys.fn_cdc_get_max_lsn()`, which recompiles and contends under load.
public final class MaxLsnWatch {

    private static final Logger log = LoggerFactory.getLogger(MaxLsnWatch.class);

    private final Database database;
    private final long tickNanos;
    private final ReentrantLock lock = new ReentrantLock();

    private Optional<Lsn> latest = Optional.empty();
    private long askedAtNanos;
    private boolean asked;
    private final CapturePulse pulse = new CapturePulse(System::nanoTime);

    private volatile Optional<String> serverName = Optional.empty();

    private record Look(Optional<Lsn> highest, String serverName) {
        static Look of(ResultSet row) throws SQLException {
            row.next();
            return new Look(
                    Optional.ofNullable(row.getBytes("max_lsn")).map(Lsn::of),
                    Optional.ofNullable(row.getString("server_name")).orElse(""));
        }
    }

    /// Answers are at most `tick` old.
    public MaxLsnWatch(Database database, Duration tick) {
        this.database = database;
        this.tickNanos = tick.toNanos();
    }

    /// The highest commit LSN as of at most a tick ago; empty before the capture job's first run.
    public Optional<Lsn> current() throws Failure, InterruptedException {
        lock.lockInterruptibly();
        try {
            return asked && System.nanoTime() - askedAtNanos < tickNanos ? latest : ask();
        } finally {
            lock.unlock();
        }
    }

    /// The highest commit LSN as of now.
    public Optional<Lsn> refreshed() throws Failure, InterruptedException {
        lock.lockInterruptibly();
        try {
            return ask();
        } finally {
            lock.unlock();
        }
    }

    /// The server's own name (`@@SERVERNAME`) as of the last look; another one after the failover of an availability
    /// group, which keeps its address. Empty text where the server has none. Costs no request and never waits.
    /// Throws `IllegalStateException` before the first look.
    public String serverName() {
        return serverName.orElseThrow(() -> new IllegalStateException("the server was not asked yet"));
    }

    private Optional<Lsn> ask() throws Failure, InterruptedException {
        long before = System.nanoTime();
        note(database.control("read the highest LSN", MaxLsnWatch::query), before);
        return latest;
    }

    /// The highest commit LSN as of now, asked on `connection`.
    Optional<Lsn> refreshed(Connection connection) throws SQLException, Failure, InterruptedException {
        long before = System.nanoTime();
        return saw(query(connection), before);
    }

    /// The answer to [CdcSql#MAX_LSN] that somebody else asked, not before `askedAtNanos` of the system's clock.
    Optional<Lsn> saw(ResultSet answer, long askedAtNanos) throws SQLException, InterruptedException {
        return saw(Look.of(answer), askedAtNanos);
    }

    private Optional<Lsn> saw(Look look, long before) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!asked || before - askedAtNanos >= 0) {
                note(look, before);
            }
            return look.highest();
        } finally {
            lock.unlock();
        }
    }

    private void note(Look look, long before) {
        latest = look.highest();
        askedAtNanos = before;
        asked = true;
        noteServer(look.serverName());
        pulse.saw(latest).ifPresent(log::warn);
    }

    private void noteServer(String name) {
        serverName
                .filter(before -> !before.equals(name))
                .ifPresent(before -> log.warn("Another server answers now server={} before={}", name, before));
        serverName = Optional.of(name);
    }

    private static Look query(Connection connection) throws SQLException, PermanentFailure {
        try {
            return look(connection);
        } catch (SQLException e) {
            if (SqlErrors.is(e, SqlErrors.MISSING_OBJECT)) {
                throw disabled(connection, e);
            }
            throw e;
        }
    }

    /// Schema `cdc` is there as long as CDC is enabled.
    private static PermanentFailure disabled(Connection connection, SQLException e) throws SQLException {
        String database = connection.getCatalog();
        return new PermanentFailure(
                "read the highest LSN: change data capture was disabled in database " + database
                        + "; as a sysadmin run: USE " + Identifiers.quote(database)
                        + "; EXEC sys.sp_cdc_enable_db; then EXEC sys.sp_cdc_enable_table for each table; then start "
                        + "this program again: what changed meanwhile was not captured (see on_gap)",
                e);
    }

    private static Look look(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CdcSql.MAX_LSN)) {
            return Look.of(row);
        }
    }
}
