package io.dstream.mssql.config;

import java.util.Objects;

/// A value that nobody may see by accident: only [#reveal] shows it, [#toString] never does.
public final class Secret {

    private final String value;

    /// Wraps a value from the configuration, the environment or a file.
    public Secret(String value) {
        this.value = Objects.requireNonNull(value);
    }

    /// The value itself, for the library that logs in with it. Never for logs, messages or lines.
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /// Always the same text, whatever the value.
    @Override
    public String toString() {
        return "(secret)";
    }
}
