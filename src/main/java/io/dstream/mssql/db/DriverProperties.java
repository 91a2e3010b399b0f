package io.dstream.mssql.db;

import java.util.HashMap;
import java.util.Map;

/// The driver's properties beside those the user gave: defaults, which the user may change, and musts.
///
/// Source: Microsoft Learn, "Setting the connection properties" (JDBC driver).
final class DriverProperties {

    /// What reading results correctly and holding locks rests on.
    private static final Map<String, String> MUSTS = Map.ofEntries(
            // `time` as itself, with all its digits.
            Map.entry("sendTimeAsDatetime", "false"),
            // A result is read as it is used; the whole of it never stands in memory.
            Map.entry("responseBuffering", "adaptive"),
            Map.entry("selectMethod", "direct"),
            // A driver that silently connects anew would lose the session's locks; retrying is the caller's.
            Map.entry("connectRetryCount", "0"));

    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("applicationName", "dstream-ingester-mssql"),
            // Prepared handles live as long as the connection: from its third run on a statement is an sp_execute.
            Map.entry("disableStatementPooling", "false"),
            Map.entry("statementPoolingCacheSize", "64"));

    /// A quarter of a minute for a short statement, then five seconds for the cancel, then the socket goes.
    private static final Map<String, String> CONTROL_DEFAULTS =
            Map.of("queryTimeout", "15", "cancelQueryTimeout", "5", "socketTimeout", "25000");

    /// Whoever holds locks by a connection must know soon that it is gone.
    private static final Map<String, String> DEDICATED_MUSTS =
            Map.of("queryTimeout", "5", "cancelQueryTimeout", "2", "socketTimeout", "10000");

    /// The launch has to answer within twenty seconds, so a longer time to log in would never be seen.
    private static final int MAX_LOGIN_SECONDS = 10;

    private DriverProperties() {}

    /// No limit: sorting a large window takes the server as long as it takes, and it says nothing meanwhile. The
    /// driver's TCP keep-alive finds a dead peer.
    static Map<String, String> forReading(Map<String, String> given) {
        return merge(Map.of(), given, Map.of());
    }

    static Map<String, String> forControl(Map<String, String> given) {
        return merge(CONTROL_DEFAULTS, given, Map.of());
    }

    static Map<String, String> forDedicated(Map<String, String> given) {
        return merge(Map.of(), given, DEDICATED_MUSTS);
    }

    private static Map<String, String> merge(
            Map<String, String> defaults, Map<String, String> given, Map<String, String> musts) {
        Map<String, String> merged = new HashMap<>(DEFAULTS);
        merged.putAll(defaults);
        merged.putAll(given);
        merged.putAll(MUSTS);
        merged.putAll(musts);
        merged.put("loginTimeout", String.valueOf(loginSeconds(given)));
        return Map.copyOf(merged);
    }

    private static int loginSeconds(Map<String, String> given) {
        try {
            int seconds = Integer.parseInt(given.getOrDefault("loginTimeout", "0"));
            return seconds <= 0 ? MAX_LOGIN_SECONDS : Math.min(seconds, MAX_LOGIN_SECONDS);
        } catch (NumberFormatException e) {
            return MAX_LOGIN_SECONDS;
        }
    }
}
