package io.dstream.mssql.failure;

import org.jspecify.annotations.Nullable;

/// Something failed while running. The subtypes say what to do about it; the message names the operation, the table
/// where there is one, and never a secret.
public abstract sealed class Failure extends Exception
        permits TransientFailure, PermanentFailure, LeaseLost, OutputLost {

    Failure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// The message, never absent.
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
