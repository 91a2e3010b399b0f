package io.dstream.mssql.ingest;

/// Why a table is not followed any more.
enum TableEnding {
    /// Everybody was asked to stop.
    STOPPED,
    /// It reached what there was when started.
    CAUGHT_UP,
    /// An error that trying again cannot mend.
    FAILED
}
