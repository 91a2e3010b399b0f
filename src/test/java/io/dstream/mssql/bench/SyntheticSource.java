package io.dstream.mssql.bench;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.cdc.ChangeCapture;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.testing.Poll;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// A server whose changes are made beforehand and kept as the bytes that go over the wire, so that a client which
/// reads them is what limits. Everything else about it is the stand-in's. Thread-safe.
final class SyntheticSource implements AutoCloseable {

    static final String DATABASE = "bench";
    static final String TABLE = "dbo.bench";

    private static final String FUNCTION = "fn_cdc_get_all_changes_dbo_bench";
    private static final int MOST_ROWS_A_TRANSACTION = 1_000;

    private final StandIn server;
    private final NavigableMap<Lsn, Encoded> transactions = new TreeMap<>();
    private long bytes;

    /// When somebody first asked for rows, by the clock of [System#nanoTime]; 0 for not yet.
    private volatile long firstQueryNanos;

    /// The rows of one transaction.
    private static final class Encoded {
        private final byte[] rows;
        private final int count;

        private Encoded(byte[] rows, int count) {
            this.rows = rows;
            this.count = count;
        }
    }

    private SyntheticSource(StandIn server) {
        this.server = server;
    }

    /// Starts a server with `rows` changes of [#TABLE].
    static SyntheticSource start(int rows) throws Exception {
        SyntheticSource source = new SyntheticSource(StandIn.start());
        source.server.engine().createDatabase(DATABASE);
        source.run(
                SyntheticRows.CREATE_TABLE,
                "EXEC sys.sp_cdc_enable_db",
                "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'bench', @role_name = NULL");
        source.fill(rows);
        source.server.engine().addInterceptor(source.interceptor());
        return source;
    }

    private void fill(int rows) throws Exception {
        ChangeCapture capture = server.engine().capture(DATABASE);
        SyntheticRows synthetic = new SyntheticRows();
        for (int left = rows; left > 0; left -= MOST_ROWS_A_TRANSACTION) {
            int count = Math.min(left, MOST_ROWS_A_TRANSACTION);
            Lsn lsn = capture.appendEmpty(Optional.empty());
            Encoded encoded = new Encoded(synthetic.encode(lsn, count), count);
            transactions.put(lsn, encoded);
            bytes += encoded.rows.length;
        }
        Optional<Lsn> last = Optional.of(transactions.lastKey());
        Poll.until(() -> capture.maxLsn().equals(last), () -> last);
    }

    private StatementInterceptor interceptor() {
        return (sql, parameters, answers) -> {
            if (!sql.contains(FUNCTION)) {
                return false;
            }
            if (firstQueryNanos == 0) {
                firstQueryNanos = System.nanoTime();
            }
            answer(lsn(parameters.get(0)), lsn(parameters.get(1)), answers);
            return true;
        };
    }

    private void answer(Lsn from, Lsn to, Answers answers) throws IOException {
        long count = 0;
        answers.columns(SyntheticRows.COLUMNS);
        for (Encoded transaction : transactions.subMap(from, true, to, true).values()) {
            answers.encodedRows(transaction.rows, transaction.count);
            count += transaction.count;
        }
        answers.done(Answers.StatementKind.SELECT, count);
    }

    private static Lsn lsn(SqlParameter parameter) {
        return Lsn.of((byte[]) Objects.requireNonNull(parameter.value()));
    }

    /// The size of all rows on the wire.
    long bytes() {
        return bytes;
    }

    /// In the program's spelling.
    String connectionString() {
        return server.connectionString(DATABASE);
    }

    /// In the driver's spelling.
    String jdbcUrl() {
        return "jdbc:sqlserver://127.0.0.1:" + server.port() + ";databaseName=" + DATABASE + ";user=" + StandIn.USER
                + ";password=" + StandIn.PASSWORD + ";encrypt=false";
    }

    /// Forgets how far anybody has read, and when the first query came.
    void rewind() throws SQLException {
        run("IF OBJECT_ID(N'dbo.cdc_offsets') IS NOT NULL DROP TABLE dbo.cdc_offsets");
        firstQueryNanos = 0;
    }

    /// See the field.
    long firstQueryNanos() {
        return firstQueryNanos;
    }

    private void run(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
