package io.dstream.mssql.peer;

import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Sessions whose transactions overlap, with statements at random. For one thread.
///
/// Each has ids of its own, so that none waits for another; they are few, so that the same ones come often, and
/// some statements fail because an id is taken.
final class JudgedWriters implements AutoCloseable {

    private static final int DUPLICATE_KEY = 2627;
    private static final int SESSIONS = 3;
    private static final int IDS_APART = 10_000;
    private static final int IDS = 12;
    private static final int BIG_ROWS = 400;

    private final RandomGenerator random;
    private final Map<String, JudgedTable> tables = new LinkedHashMap<>();
    private final List<Session> sessions = new ArrayList<>();
    private long begun;

    /// One writer; `left` is what its transaction still does, 0 where none is open.
    private static final class Session {
        private final Connection connection;
        private final Statement statement;
        private final int firstId;
        private int left;
        private boolean hasSavepoint;

        Session(Connection connection, int firstId) throws SQLException {
            this.connection = connection;
            this.statement = connection.createStatement();
            this.firstId = firstId;
        }

        void run(String sql) throws SQLException {
            try {
                statement.execute(sql);
            } catch (SQLException e) {
                if (e.getErrorCode() != DUPLICATE_KEY) {
                    throw new SQLException(sql, e.getSQLState(), e.getErrorCode(), e);
                }
            }
        }
    }

    JudgedWriters(TestDatabase database, List<JudgedTable> tables, RandomGenerator random) throws SQLException {
        this.random = random;
        tables.forEach(this::use);
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(new Session(database.connect(), (i + 1) * IDS_APART));
        }
    }

    /// From now on the table has these columns.
    void use(JudgedTable table) {
        tables.put(table.name(), table);
    }

    /// Begins so many transactions and ends them all.
    void play(long transactions) throws SQLException {
        long end = begun + transactions;
        while (begun < end) {
            step(sessions.get(random.nextInt(sessions.size())));
        }
        for (Session session : sessions) {
            if (session.left > 0) {
                end(session);
            }
        }
    }

    private void step(Session session) throws SQLException {
        if (session.left == 0) {
            begun++;
            session.left = random.nextInt(50) == 0 ? random.nextInt(20, 60) : random.nextInt(1, 7);
            session.run("BEGIN TRAN");
        } else if (session.left == 1) {
            end(session);
        } else {
            session.left--;
            session.run(statement(session));
        }
    }

    private void end(Session session) throws SQLException {
        session.run(random.nextInt(8) == 0 ? "ROLLBACK" : "COMMIT");
        session.left = 0;
        session.hasSavepoint = false;
    }

    private String statement(Session session) {
        int dice = random.nextInt(100);
        if (dice < 4) {
            session.hasSavepoint = true;
            return "SAVE TRAN point";
        }
        if (dice < 8 && session.hasSavepoint) {
            return "ROLLBACK TRAN point";
        }
        JudgedTable table = anyTable();
        int id = session.firstId + random.nextInt(IDS);
        int last = random.nextInt(3) == 0 ? id + random.nextInt(6) : id;
        String where = " WHERE id BETWEEN " + id + " AND " + last;
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> insert(table, id, last);
            case 3 -> "DELETE FROM " + table.qualified() + where;
            case 4, 5, 6 -> "UPDATE " + table.qualified() + " SET " + assignments(table) + where;
            case 7 ->
                "UPDATE " + table.qualified() + " SET id = " + (session.firstId + random.nextInt(IDS))
                        + (random.nextBoolean() ? ", " + assignments(table) : "") + " WHERE id = " + id;
            case 8 ->
                "UPDATE " + table.qualified() + " SET id = id + " + random.nextInt(1, 4) + " WHERE id BETWEEN " + id
                        + " AND " + (session.firstId + IDS + 20);
            default -> random.nextInt(20) == 0 ? big(session) : insert(table, id, id);
        };
    }

    /// Many rows at once, or what became of those.
    private String big(Session session) {
        int first = session.firstId + 1000;
        String plain = JudgedTable.plain().qualified();
        return switch (random.nextInt(3)) {
            case 0 -> insert(table("plain"), first, first + BIG_ROWS - 1);
            case 1 ->
                "UPDATE " + plain + " SET v = N'many' WHERE id BETWEEN " + first + " AND " + (first + BIG_ROWS - 1);
            default -> "DELETE FROM " + plain + " WHERE id BETWEEN " + first + " AND " + (first + BIG_ROWS - 1);
        };
    }

    /// Wide rows less often.
    private JudgedTable anyTable() {
        String name = switch (random.nextInt(10)) {
            case 0 -> "kinds";
            case 1, 2, 3 -> "large";
            default -> "plain";
        };
        return table(name);
    }

    private JudgedTable table(String name) {
        return Optional.ofNullable(tables.get(name)).orElseThrow();
    }

    private String insert(JudgedTable table, int first, int last) {
        List<String> rows = new ArrayList<>();
        for (int id = first; id <= last; id++) {
            rows.add("(" + id + ", " + table.columns().stream().map(this::value).collect(Collectors.joining(", "))
                    + ")");
        }
        String columns = table.columns().stream().map(JudgedTable.Column::name).collect(Collectors.joining(", "));
        return "INSERT INTO " + table.qualified() + " (id, " + columns + ") VALUES " + String.join(", ", rows);
    }

    private String assignments(JudgedTable table) {
        int most = Math.min(table.columns().size(), 4);
        int first = random.nextInt(table.columns().size());
        List<String> assignments = new ArrayList<>();
        for (int i = 0; i < random.nextInt(1, most + 1); i++) {
            JudgedTable.Column column =
                    table.columns().get((first + i) % table.columns().size());
            assignments.add(column.name() + " = " + value(column));
        }
        return String.join(", ", assignments);
    }

    private String value(JudgedTable.Column column) {
        int choice = random.nextInt(column.values().size() + 1);
        return choice == column.values().size() ? "NULL" : column.values().get(choice);
    }

    @Override
    public void close() throws SQLException {
        for (Session session : sessions) {
            session.connection.close();
        }
    }
}
