package io.dstream.mssql.output;

import io.dstream.mssql.failure.OutputLost;

/// Takes whole lines and writes them in the order they came. Thread-safe.
public interface LineSink {

    /// Takes `bytes`, one line or several, each with its newline, and returns before it is written. The buffer
    /// must not be touched until the answer [Line#isDone]. Waits while too many lines are pending; throws
    /// `OutputLost` where nothing is taken any more.
    Line submit(JsonBuffer bytes) throws OutputLost, InterruptedException;
}
