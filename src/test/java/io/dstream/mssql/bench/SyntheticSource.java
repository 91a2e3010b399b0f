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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// A server whose changes are made beforehand and kept as the bytes that go over the wire, so that a client which
/// reads them is what limits; so are the answers of [SyntheticMapping]. Everything else about it is the stand-in's.
/// Thread-safe.
///
/// [#TABLE] has all rows; the numbered tables ([#tables]) share the same rows among them, a transaction each in turn.
final class SyntheticSource implements AutoCloseable {

    static final String DATABASE = "bench";
    static final String TABLE = "dbo.bench";

    /// A question for rows: of CDC's function, or of the change table itself. Its first two parameters are the first
    /// and the last commit LSN. The number is the table's.
    private static final Pattern QUESTION = Pattern.compile(
            "SELECT c\\.\\[__\\$start_lsn].*\\[cdc]\\.\\[(?:fn_cdc_get_all_changes_)?dbo_bench(?:_(\\d+))?(?:_CT)?]",
            Pattern.DOTALL);

    /// Debezium's, in both of its query modes. Its first parameter is the first commit LSN, its last the last one.
    private static final Pattern DEBEZIUM_QUESTION = Pattern.compile(
            "^SELECT (?:cdc_data\\.)?\\[__\\$start_lsn].*\\.cdc\\."
                    + "\\[(?:fn_cdc_get_all_changes_)?dbo_bench(?:_(\\d+))?(?:_CT)?]",
            Pattern.DOTALL);

    private final StandIn server;
    private final BenchLoad load;
    private final int tables;
    private final NavigableMap<Lsn, Transaction> log = new TreeMap<>();
    private final Map<RowLayout, Map<Lsn, byte[]>> encoded = new ConcurrentHashMap<>();
    private volatile ReadProgress progress = new ReadProgress(0);

    /// `index` counts from 0.
    private record Transaction(Lsn lsn, int index, int firstId, int rows) {}

    private SyntheticSource(StandIn server, BenchLoad load, int tables) {
        this.server = server;
        this.load = load;
        this.tables = tables;
    }

    /// Starts a server with the rows of `load` in [#TABLE] and, once more, in `tables` others.
    static SyntheticSource start(BenchLoad load, int tables) throws Exception {
        SyntheticSource source = new SyntheticSource(StandIn.start(), load, tables);
        source.server.engine().createDatabase(DATABASE);
        source.run("EXEC sys.sp_cdc_enable_db");
        source.create(TABLE);
        for (String table : source.tables()) {
            source.create(table);
        }
        source.fill();
        source.server.engine().addInterceptor(source.interceptor());
        return source;
    }

    /// The numbered ones.
    List<String> tables() {
        return IntStream.range(0, tables).mapToObj(i -> TABLE + "_" + i).toList();
    }

    /// How many rows each of them has, by capture instance.
    Map<String, Integer> rowsByInstance() {
        Map<String, Integer> rows = new HashMap<>();
        for (Transaction made : log.values()) {
            rows.merge("dbo_bench_" + made.index() % tables, made.rows(), Integer::sum);
        }
        return rows;
    }

    private void create(String table) throws SQLException {
        run(
                load.shape().createTable(table),
                "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'"
                        + table.substring("dbo.".length()) + "', @role_name = NULL");
    }

    private void fill() throws Exception {
        ChangeCapture capture = server.engine().capture(DATABASE);
        int firstId = 1;
        for (int left = load.rows(); left > 0; left -= load.rowsATransaction()) {
            int count = Math.min(left, load.rowsATransaction());
            Lsn lsn = capture.appendEmpty(Optional.empty());
            log.put(lsn, new Transaction(lsn, log.size(), firstId, count));
            firstId += count;
        }
        Optional<Lsn> last = Optional.of(log.lastKey());
        Poll.until(() -> capture.maxLsn().equals(last), () -> last);
    }

    private StatementInterceptor interceptor() {
        SyntheticMapping mapping = new SyntheticMapping(log.keySet());
        return (sql, parameters, answers) -> {
            Matcher question = QUESTION.matcher(sql);
            Matcher debezium = DEBEZIUM_QUESTION.matcher(sql);
            if (question.find()) {
                answer(sql, question, parameters.get(0), parameters.get(1), answers);
                return true;
            }
            if (debezium.find()) {
                answer(sql, debezium, parameters.getFirst(), parameters.getLast(), answers);
                return true;
            }
            return mapping.answer(sql, parameters, answers);
        };
    }

    private void answer(String sql, Matcher question, SqlParameter first, SqlParameter last, Answers answers)
            throws IOException {
        int table = question.group(1) == null ? -1 : Integer.parseInt(question.group(1));
        RowLayout layout = RowLayout.of(sql);
        Map<Lsn, byte[]> rows = encoded.computeIfAbsent(layout, this::encode);
        progress.asked();
        answers.columns(layout.columns(load.shape()));
        answer(rows, transactions(table, lsn(first), lsn(last)), answers);
    }

    /// Once for all runs, before the first is answered.
    private Map<Lsn, byte[]> encode(RowLayout layout) {
        SyntheticRows synthetic = new SyntheticRows(load.shape());
        Map<Lsn, byte[]> rows = new TreeMap<>();
        for (Transaction made : log.values()) {
            rows.put(made.lsn(), synthetic.encode(layout, made.lsn(), made.firstId(), made.rows()));
        }
        return rows;
    }

    private List<Transaction> transactions(int table, Lsn from, Lsn to) {
        List<Transaction> found = new ArrayList<>();
        for (Transaction made : log.subMap(from, true, to, true).values()) {
            if (made.firstId() <= progress.rows() && (table < 0 || made.index() % tables == table)) {
                found.add(made);
            }
        }
        return found;
    }

    private void answer(Map<Lsn, byte[]> rows, List<Transaction> transactions, Answers answers) throws IOException {
        long count = 0;
        ReadProgress reading = progress;
        for (Transaction made : transactions) {
            byte[] bytes = Objects.requireNonNull(rows.get(made.lsn()));
            answers.encodedRows(bytes, made.rows());
            reading.sent(made.rows(), bytes.length);
            count += made.rows();
        }
        answers.done(Answers.StatementKind.SELECT, count);
    }

    private static Lsn lsn(SqlParameter parameter) {
        return Lsn.of((byte[]) Objects.requireNonNull(parameter.value()));
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

    /// Forgets how far anybody has read. The next one finds the first `rows` rows, and what it reads is told to the
    /// answer.
    ReadProgress rewind(int rows) throws SQLException {
        run("IF OBJECT_ID(N'dbo.cdc_offsets') IS NOT NULL DROP TABLE dbo.cdc_offsets");
        ReadProgress fresh = new ReadProgress(rows);
        progress = fresh;
        return fresh;
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
