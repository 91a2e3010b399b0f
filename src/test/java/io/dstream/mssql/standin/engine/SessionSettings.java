package io.dstream.mssql.standin.engine;

import java.util.Optional;

/// What SET changed in a session.
final class SessionSettings {

    private boolean implicitTransactions;
    private boolean noCount;
    private boolean abortOnError;
    private long maxRows;
    private long lockTimeoutMillis = -1;
    private Optional<Integer> identityInsert = Optional.empty();

    boolean implicitTransactions() {
        return implicitTransactions;
    }

    void setImplicitTransactions(boolean on) {
        implicitTransactions = on;
    }

    boolean noCount() {
        return noCount;
    }

    void setNoCount(boolean on) {
        noCount = on;
    }

    /// XACT_ABORT: any error rolls the transaction back.
    boolean abortOnError() {
        return abortOnError;
    }

    void setAbortOnError(boolean on) {
        abortOnError = on;
    }

    /// ROWCOUNT, 0 for no limit.
    long maxRows() {
        return maxRows;
    }

    void setMaxRows(long rows) {
        maxRows = rows;
    }

    /// -1 for no limit.
    long lockTimeoutMillis() {
        return lockTimeoutMillis;
    }

    void setLockTimeoutMillis(long millis) {
        lockTimeoutMillis = millis;
    }

    /// The one table whose identity may be given.
    Optional<Integer> identityInsert() {
        return identityInsert;
    }

    void setIdentityInsert(Optional<Integer> objectId) {
        identityInsert = objectId;
    }
}
