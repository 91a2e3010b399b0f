package io.dstream.mssql.config;

/// Everything that was read from stdin. `enveloped`: it came in DStream's command envelope, so the launcher waits for
/// a status line.
public record Launch(Command command, boolean enveloped, IngesterConfig config) {}
