package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.cdc.ChangeCapture.SessionLog;
import io.dstream.mssql.standin.tsql.ControlStatement;
import io.dstream.mssql.standin.tsql.ObjectName;
import io.dstream.mssql.standin.tsql.StatementParser;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlSession;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One client's session: its H2 connection, transaction, settings.
final class EngineSession implements SqlSession {

    private static final ThreadLocal<EngineSession> CURRENT = new ThreadLocal<>();

    private final Engine engine;
    private final int id;
    private final Login login;
    private final SessionSettings settings = new SessionSettings();
    private final ReentrantLock busy = new ReentrantLock();
    private final Object cancelSignal = new Object();
    private StandInDatabase home;
    private Connection h2;
    private SessionLog log;
    private Transactions transactions;
    private Optional<SqlServerError> caught = Optional.empty();
    private long rowCount;
    private volatile @Nullable PreparedStatement running;
    private volatile boolean cancelled;
    private volatile boolean killed;
    private boolean closed;

    EngineSession(Engine engine, int id, Login login, StandInDatabase home) throws SqlServerError {
        this.engine = engine;
        this.id = id;
        this.login = login;
        this.home = home;
        try {
            this.h2 = home.open();
            this.h2.setAutoCommit(false);
        } catch (SQLException e) {
            throw H2Errors.translate(e);
        }
        this.log = home.capture().openSession(h2);
        this.transactions = new Transactions(h2, log, () -> home().appLocks().releaseTransaction(id));
    }

    /// The session whose statement runs on this thread.
    static Optional<EngineSession> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    Engine engine() {
        return engine;
    }

    int id() {
        return id;
    }

    Login login() {
        return login;
    }

    SessionSettings settings() {
        return settings;
    }

    StandInDatabase home() {
        return home;
    }

    Connection h2() {
        return h2;
    }

    Transactions transactions() {
        return transactions;
    }

    long rowCount() {
        return rowCount;
    }

    void setRowCount(long count) {
        rowCount = count;
    }

    /// The error that the CATCH block handles.
    Optional<SqlServerError> caught() {
        return caught;
    }

    void setCaught(Optional<SqlServerError> error) {
        caught = error;
    }

    boolean isCancelled() {
        return cancelled || killed;
    }

    /// Waits; true where the client cancelled meanwhile.
    boolean awaitCancel(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        synchronized (cancelSignal) {
            long left = deadline - System.nanoTime();
            while (left > 0 && !isCancelled()) {
                TimeUnit.NANOSECONDS.timedWait(cancelSignal, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
                left = deadline - System.nanoTime();
            }
        }
        return isCancelled();
    }

    /// What [#cancel] stops; nobody once it is done.
    void setRunning(@Nullable PreparedStatement statement) {
        running = statement;
    }

    /// Who the login is in this database.
    Permissions.User user() throws SQLException {
        return engine.userIn(home, login.user()).orElseThrow(() -> new SQLException("no user for " + login));
    }

    /// The table behind a name, without asking for permission.
    Optional<Catalog.Table> find(ObjectName name) throws SQLException {
        boolean elsewhere =
                name.database().isPresent() && !name.database().get().equalsIgnoreCase(home.name());
        boolean system = name.schema().filter("sys"::equalsIgnoreCase).isPresent();
        if (elsewhere && isInMsdb(name)) {
            return home.catalog().table("sys", AgentViews.MSDB + name.name());
        }
        if (elsewhere && !(system && name.database().get().equalsIgnoreCase("master"))) {
            return Optional.empty();
        }
        if (name.schema().isPresent()) {
            return home.catalog().table(name.schema().get(), name.name());
        }
        Optional<Catalog.Table> own = home.catalog().table(user().defaultSchema(), name.name());
        return own.isPresent() ? own : home.catalog().table("dbo", name.name());
    }

    /// True for a table of `msdb.dbo`.
    static boolean isInMsdb(ObjectName name) {
        return name.database().filter("msdb"::equalsIgnoreCase).isPresent()
                && name.schema().filter("dbo"::equalsIgnoreCase).isPresent();
    }

    /// `USE`. Errors: 226 in a transaction, 911, 916.
    void use(String database) throws SQLException, SqlServerError {
        if (transactions.depth() > 0) {
            throw new SqlServerError(226, 16, 6, "USE statement not allowed within multi-statement transaction.");
        }
        StandInDatabase next = engine.database(database)
                .orElseThrow(() -> new SqlServerError(
                        911,
                        "Database '" + database + "' does not exist. Make sure that the name is entered correctly."));
        if (engine.userIn(next, login.user()).isEmpty()) {
            throw new SqlServerError(
                    916,
                    14,
                    1,
                    "The server principal \"" + login.user() + "\" is not able to access the database \"" + database
                            + "\" under the current security context.");
        }
        log.close();
        h2.close();
        home.appLocks().releaseAll(id);
        home = next;
        h2 = next.open();
        h2.setAutoCommit(false);
        log = next.capture().openSession(h2);
        transactions = new Transactions(h2, log, () -> home().appLocks().releaseTransaction(id));
    }

    @Override
    public String database() {
        return home.name();
    }

    @Override
    public void execute(String sql, List<SqlParameter> parameters, Answers answers) throws SqlServerError, IOException {
        guarded(sql, parameters, answers, () -> {
            if (CatalogueProcedures.isColumnsBatch(sql)) {
                new CatalogueProcedures(this, answers).columnsBatch(sql, parameters);
                return;
            }
            ControlStatement.Block batch = StatementParser.parse(sql);
            new Interpreter(this, Variables.of(parameters), answers).runBatch(batch);
        });
    }

    @Override
    public void call(String procedure, List<SqlParameter> parameters, Answers answers)
            throws SqlServerError, IOException {
        guarded(procedure, parameters, answers, () -> {
            ProcedureCall call = ProcedureCall.ofRpc(procedure, parameters);
            int status = new Procedures(this, answers).call(call);
            answers.returnStatus(status);
        });
    }

    private interface Work {
        void run() throws SQLException, SqlServerError, IOException, InterruptedException;
    }

    private void guarded(String sql, List<SqlParameter> parameters, Answers answers, Work work)
            throws SqlServerError, IOException {
        busy.lock();
        CURRENT.set(this);
        try {
            checkAlive();
            cancelled = false;
            for (StatementInterceptor interceptor : engine.interceptors()) {
                if (interceptor.intercept(sql, parameters, answers)) {
                    return;
                }
            }
            work.run();
        } catch (SQLException e) {
            checkAlive();
            throw H2Errors.translate(e);
        } catch (SqlServerError e) {
            checkAlive();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException stopped = new InterruptedIOException("interrupted");
            stopped.initCause(e);
            throw stopped;
        } finally {
            CURRENT.remove();
            leave();
        }
    }

    /// A session that was killed while it ran ends here.
    private void leave() throws SqlServerError {
        try {
            if (killed) {
                end();
            }
        } finally {
            busy.unlock();
        }
    }

    private void checkAlive() throws SqlServerError {
        if (killed) {
            throw new SqlServerError(
                    596, 21, 1, "Cannot continue the execution because the session is in the kill state.");
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        synchronized (cancelSignal) {
            cancelSignal.notifyAll();
        }
        PreparedStatement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                // It may have ended by itself just now.
                if (!isClosed(statement)) {
                    throw new IllegalStateException("cancel", e);
                }
            }
        }
    }

    private static boolean isClosed(PreparedStatement statement) {
        try {
            return statement.isClosed();
        } catch (SQLException e) {
            throw new IllegalStateException("cancel", e);
        }
    }

    /// `KILL`: rolls back and releases locks, at once where the session is idle, else when its statement has
    /// stopped.
    void kill() throws SqlServerError {
        killed = true;
        cancel();
        if (busy.tryLock()) {
            leave();
        }
    }

    @Override
    public void close() {
        cancel();
        try {
            end();
        } catch (SqlServerError e) {
            throw new IllegalStateException("close", e);
        } finally {
            engine.closed(this);
        }
    }

    private void end() throws SqlServerError {
        busy.lock();
        try {
            if (!closed && !h2.isClosed()) {
                closed = true;
                transactions.abandon();
                log.close();
                h2.close();
            }
        } catch (SQLException e) {
            throw H2Errors.translate(e);
        } finally {
            home.appLocks().releaseAll(id);
            busy.unlock();
        }
    }
}
