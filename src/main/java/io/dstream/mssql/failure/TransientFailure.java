package io.dstream.mssql.failure;

import org.jspecify.annotations.Nullable;

/// It may go through later: wait, then do the same again. Nothing was saved.
public final class TransientFailure extends Failure {

    /// `message` is one line for a person: what was tried, on which table, and what to do.
    public TransientFailure(String message) {
        this(message, null);
    }

    /// As above, keeping what caused it.
    public TransientFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
