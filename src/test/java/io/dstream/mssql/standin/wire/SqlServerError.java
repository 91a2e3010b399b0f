package io.dstream.mssql.standin.wire;

/// An error with SQL Server's own number; the message goes to the client as it is. `severity` of 20 and more also
/// ends the connection.
public final class SqlServerError extends Exception {

    private final int number;
    private final int severity;
    private final int state;

    /// An error of severity 16, state 1.
    public SqlServerError(int number, String message) {
        this(number, 16, 1, message);
    }

    /// An error with all its parts.
    public SqlServerError(int number, int severity, int state, String message) {
        super(message);
        this.number = number;
        this.severity = severity;
        this.state = state;
    }

    /// As in `sys.messages`.
    public int number() {
        return number;
    }

    /// 11 to 25.
    public int severity() {
        return severity;
    }

    /// 0 to 255.
    public int state() {
        return state;
    }

    /// The message, never absent.
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
