package io.dstream.mssql.config;

/// How lines look. No line is longer than `maxLineBytes`, newline excluded; 0 means no limit.
public record OutputConfig(
        OutputFormat format, int maxLineBytes, OversizeChange oversizeChange, boolean decimalsAsStrings) {

    /// The shape of a line.
    public enum OutputFormat {
        /// Many changes of a table a line.
        ENVELOPE,
        /// One change a line, as DStream's output providers read it.
        CHANGE
    }

    /// What becomes of a change that alone is longer than a line may be.
    public enum OversizeChange {
        /// Its table stops.
        FAIL,
        /// It loses its largest values, whose columns are named instead.
        OMIT
    }
}
