package io.dstream.mssql.config;

/// How lines look. No line is longer than `maxLineBytes`, newline excluded; 0 means no limit.
public record OutputConfig(
        OutputFormat format, int maxLineBytes, OversizeChange oversizeChange, boolean decimalsAsStrings) {

    /// The shape of a line.
    public enum OutputFormat {
        ENVELOPE,
        CHANGE
    }

    /// What one change longer than a line does.
    public enum OversizeChange {
        FAIL,
        OMIT
    }
}
