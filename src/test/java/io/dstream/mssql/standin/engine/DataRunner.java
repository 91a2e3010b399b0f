package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.tsql.DataStatement;
import io.dstream.mssql.standin.tsql.DataStatement.Kind;
import io.dstream.mssql.standin.tsql.Rewriter;
import io.dstream.mssql.standin.tsql.Rewritten;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs SELECT, INSERT, UPDATE, DELETE and MERGE on H2.
final class DataRunner {

    /// H2 knows no HOLDLOCK, with which a MERGE is safe against another: one at a time is.
    private static final ReentrantLock MERGE = new ReentrantLock();

    private final EngineSession session;
    private final Variables variables;
    private final SessionScope scope;
    private final Answers answers;

    DataRunner(EngineSession session, Variables variables, SessionScope scope, Answers answers) {
        this.session = session;
        this.variables = variables;
        this.scope = scope;
        this.answers = answers;
    }

    void run(DataStatement statement) throws SQLException, SqlServerError, IOException {
        Rewritten rewritten = Rewriter.statement(statement, scope);
        Transactions transactions = session.transactions();
        if (transactions.depth() == 0 && session.settings().implicitTransactions()) {
            transactions.begin();
        }
        boolean merges = statement.kind() == Kind.MERGE;
        if (merges) {
            MERGE.lock();
        }
        try {
            atomically(statement.kind(), rewritten, transactions);
        } finally {
            if (merges) {
                MERGE.unlock();
            }
        }
    }

    private void atomically(Kind kind, Rewritten rewritten, Transactions transactions)
            throws SQLException, SqlServerError, IOException {
        Optional<Long> mark = kind == Kind.SELECT ? Optional.empty() : Optional.of(transactions.mark());
        long count;
        try {
            count = execute(kind, rewritten);
            transactions.succeeded();
        } catch (SQLException e) {
            SqlServerError error = H2Errors.translate(e);
            boolean all = error.number() == H2Errors.deadlock().number()
                    || session.settings().abortOnError();
            transactions.failed(mark, all);
            throw error;
        } catch (SqlServerError | IOException e) {
            transactions.failed(mark, session.settings().abortOnError());
            throw e;
        }
        session.setRowCount(count);
        if (rewritten.assigned().isEmpty()) {
            answers.done(StatementKind.valueOf(kind.name()), session.settings().noCount() ? -1 : count);
        }
    }

    private long execute(Kind kind, Rewritten rewritten) throws SQLException, SqlServerError, IOException {
        try (PreparedStatement statement = session.h2().prepareStatement(rewritten.sql())) {
            H2Values.bind(statement, rewritten.parameters());
            session.setRunning(statement);
            if (kind != Kind.SELECT) {
                return statement.executeLargeUpdate();
            }
            statement.setLargeMaxRows(session.settings().maxRows());
            try (ResultSet rows = statement.executeQuery()) {
                List<SqlColumn> columns = ResultColumns.of(
                        rows.getMetaData(), session.home().catalog(), rewritten.derived(), session.h2());
                return rewritten.assigned().isEmpty()
                        ? stream(rows, columns)
                        : assign(rows, columns, rewritten.assigned());
            }
        } finally {
            session.setRunning(null);
        }
    }

    private long stream(ResultSet rows, List<SqlColumn> columns) throws SQLException, IOException {
        answers.columns(columns);
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        long count = 0;
        while (rows.next()) {
            for (int i = 0; i < values.length; i++) {
                values[i] = H2Values.read(rows, i + 1, columns.get(i).type());
            }
            answers.row(values);
            count++;
        }
        return count;
    }

    /// `SELECT @x = ..`: the last row stays; without a row nothing changes.
    private long assign(ResultSet rows, List<SqlColumn> columns, List<String> assigned)
            throws SQLException, SqlServerError {
        if (assigned.size() != columns.size()) {
            throw new SqlServerError(
                    141,
                    15,
                    1,
                    "A SELECT statement that assigns a value to a variable must not be combined with data-retrieval"
                            + " operations.");
        }
        Evaluator evaluator = new Evaluator(session, scope);
        @Nullable Object[] last = new @Nullable Object[columns.size()];
        long count = 0;
        while (rows.next()) {
            for (int i = 0; i < last.length; i++) {
                last[i] = H2Values.read(rows, i + 1, columns.get(i).type());
            }
            count++;
        }
        for (int i = 0; count > 0 && i < last.length; i++) {
            String name = assigned.get(i);
            variables.set(
                    name,
                    evaluator.convert(
                            last[i], columns.get(i).type(), variables.get(name).type()));
        }
        return count;
    }
}
