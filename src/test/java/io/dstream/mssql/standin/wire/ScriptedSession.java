package io.dstream.mssql.standin.wire;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A session that answers as a test says. What the driver asks of its own accord is answered with an empty DONE.
final class ScriptedSession implements SqlSession {

    private final Login login;
    private final Script script;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    ScriptedSession(Login login, Script script) {
        this.login = login;
        this.script = script;
    }

    /// What a test wants answered; `statement` is SQL or the name of a procedure.
    interface Script {
        void answer(ScriptedSession session, String statement, List<SqlParameter> parameters, Answers answers)
                throws SqlServerError, IOException;
    }

    /// Waits for [#cancel]; whether it came.
    boolean awaitCancelled() {
        return await(cancelled);
    }

    /// Waits for [#close]; whether it came.
    boolean awaitClosed() {
        return await(closed);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public String database() {
        return login.database().isEmpty() ? "master" : login.database();
    }

    @Override
    public void execute(String sql, List<SqlParameter> parameters, Answers answers) throws SqlServerError, IOException {
        script.answer(this, sql, parameters, answers);
    }

    @Override
    public void call(String procedure, List<SqlParameter> parameters, Answers answers)
            throws SqlServerError, IOException {
        script.answer(this, procedure, parameters, answers);
    }

    @Override
    public void cancel() {
        cancelled.countDown();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
