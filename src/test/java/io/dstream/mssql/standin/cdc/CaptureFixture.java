package io.dstream.mssql.standin.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.engine.Catalog;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A database of H2 in memory with change capture, and clients that change it as the engine would.
final class CaptureFixture implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    final String url = "jdbc:h2:mem:" + UUID.randomUUID()
            + ";DB_CLOSE_DELAY=-1;MODE=MSSQLServer;DATABASE_TO_UPPER=FALSE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
            + ";LAZY_QUERY_EXECUTION=1;OPTIMIZE_REUSE_RESULTS=0";
    final FakeCatalog catalog = new FakeCatalog();
    final H2ChangeCapture capture =
            new H2ChangeCapture(this::open, catalog, "shop", Clock.systemUTC(), Duration.ofMillis(2));
    final Connection h2;

    CaptureFixture() throws SQLException {
        this.h2 = open();
    }

    /// With CDC enabled.
    static CaptureFixture enabled() throws SQLException, SqlServerError {
        CaptureFixture fixture = new CaptureFixture();
        fixture.capture.enableDatabase();
        return fixture;
    }

    Connection open() throws SQLException {
        return DriverManager.getConnection(url);
    }

    static Catalog.Column column(String name, SqlType.Base base, int length) {
        return new Catalog.Column(
                name, new SqlType(base, length, 0, 0), true, false, Optional.empty(), Optional.empty());
    }

    /// `dbo.<name>(id int primary key, v nvarchar(50), n int)`.
    void table(String name) throws SQLException, SqlServerError {
        table(
                name,
                column("id", SqlType.Base.INT, 0),
                column("v", SqlType.Base.NVARCHAR, 50),
                column("n", SqlType.Base.INT, 0));
    }

    void table(String name, Catalog.Column... columns) throws SQLException, SqlServerError {
        catalog.create(h2, "dbo", name, List.of(columns), List.of(columns[0].name()));
    }

    void capture(String table, @Nullable String instance, String... columns) throws SQLException, SqlServerError {
        capture.enableTable(new ChangeCapture.EnableTable(
                "dbo", table, Optional.ofNullable(instance), Optional.empty(), List.of(columns), false));
    }

    Client client() throws SQLException {
        Connection own = open();
        return new Client(own, capture.openSession(own));
    }

    /// Waits until all that was committed is captured; answers the maximum LSN.
    Lsn captured() throws SQLException {
        Lsn idle = capture.advanceIdle();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (capture.maxLsn().orElse(Lsn.ZERO).compareTo(idle) < 0) {
            assertThat(System.nanoTime()).as("captured in time").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
        return idle;
    }

    /// The columns of a change table in execution order, as `column|column`, binaries in hex.
    List<String> changes(String instance, String columns) throws SQLException {
        return query("SELECT " + columns + " FROM \"cdc\".\"" + instance
                + "_CT\" ORDER BY \"__$start_lsn\", \"__$command_id\", \"__$seqval\", \"__$operation\"");
    }

    List<String> query(String sql) throws SQLException {
        try (Connection reader = open();
                Statement statement = reader.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    values.add(text(rows.getObject(i), rows.getString(i)));
                }
                lines.add(String.join("|", values));
            }
            return lines;
        }
    }

    private static String text(@Nullable Object value, @Nullable String string) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(string);
    }

    @Override
    public void close() throws SQLException {
        capture.close();
        h2.createStatement().execute("SHUTDOWN");
    }

    /// One client's session.
    static final class Client implements AutoCloseable {
        final Connection h2;
        final ChangeCapture.SessionLog log;

        private Client(Connection h2, ChangeCapture.SessionLog log) {
            this.h2 = h2;
            this.log = log;
        }

        void run(String... statements) throws SQLException {
            for (String sql : statements) {
                long mark = log.mark();
                try (Statement statement = h2.createStatement()) {
                    statement.execute(sql);
                } catch (SQLException failed) {
                    log.truncate(mark);
                    throw failed;
                }
            }
        }

        void commit(String... statements) throws SQLException {
            run(statements);
            log.commit();
        }

        @Override
        public void close() throws SQLException {
            h2.rollback();
            log.close();
            h2.close();
        }
    }
}
