package io.dstream.mssql.config;

import java.util.Map;

/// Where the database is and how to log in, whichever spelling said so.
///
/// `host` is as written, without port or instance; it is `server_name` in envelopes. `driverProperties` are those of
/// the JDBC driver, by its own names, the password among them: never log them. [#toString] shows host and database
/// alone.
public record ConnectionString(String host, String database, Map<String, String> driverProperties) {

    public ConnectionString {
        driverProperties = Map.copyOf(driverProperties);
    }

    /// `host/database`, nothing secret.
    @Override
    public String toString() {
        return host + "/" + database;
    }
}
