package io.dstream.mssql.ingest;

/// How a run ended.
public enum Ending {
    /// Somebody asked.
    STOPPED,
    /// Every table reached what there was at the start.
    CAUGHT_UP,
    /// Every table has ended, at least one of them with an error; or memory has run out.
    FAILED,
    /// stdout is gone.
    OUTPUT_LOST
}
