package io.dstream.mssql.failure;

import org.jspecify.annotations.Nullable;

/// Another instance may be writing this table now: drop the position and ask for the lease again.
public final class LeaseLost extends Failure {

    /// `message` is one line for a person: what was tried, on which table, and what to do.
    public LeaseLost(String message) {
        this(message, null);
    }

    /// As above, keeping what caused it.
    public LeaseLost(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
