package io.dstream.mssql.failure;

import org.jspecify.annotations.Nullable;

/// stdout is gone: nothing can be delivered any more, everything stops.
public final class OutputLost extends Failure {

    /// `message` is one line for a person: what was tried, on which table, and what to do.
    public OutputLost(String message) {
        this(message, null);
    }

    /// As above, keeping what caused it.
    public OutputLost(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
