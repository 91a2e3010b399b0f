package io.dstream.mssql.lock.sql;

import io.dstream.mssql.failure.Failure;

/// One session of the lock store; what it locked is free again when it ends. Used by one thread, but for [#close].
interface LockSession extends AutoCloseable {

    /// Opens sessions.
    @FunctionalInterface
    interface Opener {
        /// A new session, which the caller closes.
        LockSession open() throws Failure, InterruptedException;
    }

    /// False where another session has `resource`. A session that has it already has it once more.
    boolean tryLock(String resource) throws Failure;

    /// Gives back one lock of `resource`.
    void unlock(String resource) throws Failure;

    /// Throws where the session does not answer.
    void ping() throws Failure;

    /// Ends the session without waiting for an answer, from any thread. Never throws.
    @Override
    void close();
}
