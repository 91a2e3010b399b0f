package io.dstream.mssql.db;

import io.dstream.mssql.failure.Failure;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.sql.SQLException;

/// Tells an interrupt from an error: under JDBC both arrive as an exception about a broken connection.
final class Interruptions {

    /// Wrapped deeper than this is not followed.
    private static final int MAX_DEPTH = 20;

    private Interruptions() {}

    /// What to throw instead of `e`. Throws `InterruptedException`, and clears the thread's interrupt status, where an
    /// interrupt was behind it.
    static Failure orFailure(String operation, SQLException e) throws InterruptedException {
        if (isInterruption(e)) {
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException(operation + ": interrupted");
            interrupted.initCause(e);
            throw interrupted;
        }
        return SqlErrors.translate(operation, e);
    }

    /// True where the thread is interrupted now, or `e` says that it was.
    static boolean isInterruption(Throwable e) {
        if (Thread.currentThread().isInterrupted()) {
            return true;
        }
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (isOne(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isOne(Throwable e) {
        boolean interruptedIo = e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException);
        return e instanceof InterruptedException || e instanceof ClosedByInterruptException || interruptedIo;
    }
}
