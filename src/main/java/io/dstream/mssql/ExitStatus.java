package io.dstream.mssql;

/// How the process ends.
enum ExitStatus {
    /// Stopped as asked, or caught up.
    OK(0),
    /// Failed while starting or running.
    FAILED(1),
    /// The configuration cannot be used.
    BAD_CONFIGURATION(2);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
