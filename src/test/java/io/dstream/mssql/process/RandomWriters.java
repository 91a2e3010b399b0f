package io.dstream.mssql.process;

import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Several sessions whose transactions overlap, with statements at random. Used by one thread at a time.
///
/// Each has ids of its own, so that none waits for another: H2 loses rows when it resolves a deadlock. Ids are
/// few, so that the same ones are deleted, inserted and moved often, and some statements fail because an id is
/// taken.
final class RandomWriters implements AutoCloseable {

    /// Violation of a primary key: the statement did nothing, its transaction goes on.
    private static final int DUPLICATE_KEY = 2627;

    private static final int IDS_APART = 10_000;
    private static final int IDS = 12;
    private static final int BIG = 700;
    private static final int MOVED = 300;
    private static final int MOST_BIG = 2;
    private static final List<String> VALUES = List.of(
            "N''",
            "NULL",
            "N'plain'",
            "N'\"quoted\" \\ back'",
            "N'\u00fcml\u00e4ut \u20ac 10'",
            "N'" + "long ".repeat(12) + "'");

    private final RandomGenerator random;
    private final RandomSettings settings;
    private final List<Session> sessions = new ArrayList<>();
    private final Set<String> wide = new HashSet<>();
    private int bigTransactions;

    /// One writer. Ids begin at `firstId`.
    private static final class Session {
        private final Connection connection;
        private final Statement statement;
        private final int firstId;
        private boolean inTransaction;
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
                    throw e;
                }
            }
        }

        void end(String how) throws SQLException {
            run(how);
            inTransaction = false;
            hasSavepoint = false;
        }
    }

    RandomWriters(TestDatabase database, RandomSettings settings, RandomGenerator random) throws SQLException {
        this.random = random;
        this.settings = settings;
        for (int i = 0; i < settings.writers(); i++) {
            sessions.add(new Session(database.connect(), (i + 1) * IDS_APART));
        }
    }

    /// So many statements, of any of them. Transactions may stay open.
    void play(int statements) throws SQLException {
        for (int i = 0; i < statements; i++) {
            step(sessions.get(random.nextInt(sessions.size())));
        }
    }

    /// No transaction stays open.
    void endTransactions() throws SQLException {
        for (Session session : sessions) {
            if (session.inTransaction) {
                session.end(random.nextInt(4) == 0 ? "ROLLBACK" : "COMMIT");
            }
        }
    }

    /// From now on `table` has a column `extra`.
    void widen(String table) {
        wide.add(table);
    }

    private void step(Session session) throws SQLException {
        int dice = random.nextInt(100);
        if (!session.inTransaction) {
            if (dice < 30) {
                session.run(change(session));
            } else {
                session.run("BEGIN TRAN");
                session.inTransaction = true;
            }
        } else if (dice < 18) {
            session.end("COMMIT");
        } else if (dice < 24) {
            session.end("ROLLBACK");
        } else if (dice < 30) {
            session.run("SAVE TRAN point");
            session.hasSavepoint = true;
        } else if (dice < 36 && session.hasSavepoint) {
            session.run("ROLLBACK TRAN point");
        } else if (dice >= 95 && settings.bigTransactions() && bigTransactions < MOST_BIG) {
            writeMuch(session, session.firstId + 1000 + bigTransactions * 3000);
            bigTransactions++;
        } else {
            session.run(change(session));
        }
    }

    private String change(Session session) {
        String table = anyTable();
        int id = session.firstId + random.nextInt(IDS);
        int last = random.nextInt(3) == 0 ? id + random.nextInt(6) : id;
        String where = " WHERE id " + (last == id ? "= " + id : "BETWEEN " + id + " AND " + last);
        int other = session.firstId + random.nextInt(IDS);
        return switch (random.nextInt(settings.manyRowKeyUpdates() ? 9 : 7)) {
            case 0, 1, 2 -> insert(table, id, last);
            case 3 -> "DELETE FROM " + table + where;
            case 4, 5 -> "UPDATE " + table + " SET " + values(table) + where;
            case 6 ->
                "UPDATE " + table + " SET id = " + other + (random.nextBoolean() ? ", " + values(table) : "")
                        + " WHERE id = " + id;
            default ->
                "UPDATE " + table + " SET id = id + " + random.nextInt(1, 4) + " WHERE id BETWEEN " + id + " AND "
                        + (id + IDS);
        };
    }

    private String insert(String table, int first, int last) {
        String columns = wide.contains(table) ? "(id, v, extra)" : "(id, v)";
        return IntStream.rangeClosed(first, last)
                .mapToObj(id -> "(" + id + ", " + anyValue() + (wide.contains(table) ? ", " + id % 7 : "") + ")")
                .collect(Collectors.joining(", ", "INSERT INTO " + table + " " + columns + " VALUES ", ""));
    }

    private String values(String table) {
        return "v = " + anyValue() + (wide.contains(table) ? ", extra = " + random.nextInt(100) : "");
    }

    /// About 3,400 changes; with key updates of many rows, thrice as many.
    private void writeMuch(Session session, int base) throws SQLException {
        String table = anyTable();
        for (int part = 0; part < 3; part++) {
            session.run(insert(table, base + part * BIG, base + part * BIG + BIG - 1));
        }
        String where = " WHERE id BETWEEN " + base + " AND " + (base + 3 * BIG);
        if (settings.manyRowKeyUpdates()) {
            session.run("UPDATE " + table + " SET id = id + 1" + where);
        } else if (random.nextBoolean()) {
            session.run("UPDATE " + table + " SET v = N'all of them'" + where);
        }
        session.run("DECLARE @id int = " + (base + BIG + BIG) + "; WHILE @id < " + (base + BIG + BIG + MOVED)
                + " BEGIN UPDATE " + table + " SET id = id + 1000 WHERE id = @id; SET @id = @id + 1; END");
        session.run("DELETE FROM " + table + " WHERE id BETWEEN " + base + " AND " + (base + BIG));
    }

    private String anyTable() {
        return settings.tables().get(random.nextInt(settings.tables().size()));
    }

    private String anyValue() {
        return VALUES.get(random.nextInt(VALUES.size()));
    }

    /// Rolls back what is open.
    @Override
    public void close() {
        for (Session session : sessions) {
            try (Connection _ = session.connection) {
                session.statement.close();
            } catch (SQLException e) {
                throw new AssertionError("close a writer", e);
            }
        }
    }
}
