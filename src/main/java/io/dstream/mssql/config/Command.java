package io.dstream.mssql.config;

import java.util.Locale;

/// What the process is asked to do; in JSON the lower-case name.
public enum Command {
    /// Follow the tables.
    RUN,
    /// Check everything, change nothing.
    PLAN,
    /// Create what runs need.
    INIT,
    /// Tell position, lag and lock holder of each table.
    STATUS,
    /// Remove what the process created.
    DESTROY;

    /// As people and envelopes write it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
