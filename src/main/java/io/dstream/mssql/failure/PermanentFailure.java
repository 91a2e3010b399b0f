package io.dstream.mssql.failure;

import org.jspecify.annotations.Nullable;

/// Trying again cannot help, somebody has to change something: it stops the table, or the start.
public final class PermanentFailure extends Failure {

    /// `message` is one line for a person: what was tried, on which table, and what to do.
    public PermanentFailure(String message) {
        this(message, null);
    }

    /// As above, keeping what caused it.
    public PermanentFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
