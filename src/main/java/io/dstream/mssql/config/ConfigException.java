package io.dstream.mssql.config;

import java.util.List;

/// The configuration cannot be used. Holds every problem found, not the first one; none of them shows a secret.
public final class ConfigException extends Exception {

    private final List<String> problems;
    private final boolean enveloped;

    ConfigException(List<String> problems, boolean enveloped) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
        this.enveloped = enveloped;
    }

    /// One line each, `tables[2]: ..`, in the order found; at least one.
    public List<String> problems() {
        return problems;
    }

    /// Whether the configuration came in a command envelope, so that somebody waits for a status on stdout. False when
    /// the input was not even JSON.
    public boolean enveloped() {
        return enveloped;
    }
}
