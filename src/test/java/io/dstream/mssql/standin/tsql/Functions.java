package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The scalar and aggregate functions that the stand-in knows, each as a template of H2's dialect. Those that need the
/// session are H2 functions of schema [#SCHEMA].
final class Functions {

    /// The H2 schema of functions that ask the session.
    static final String SCHEMA = "standin";

    private static final Map<String, Rule> RULES = rules();

    private Functions() {}

    /// `template` has `$1` to `$9` for arguments and `$*` for all of them.
    record Rule(int fewest, int most, String template) {
        String apply(String name, List<String> arguments) throws SqlServerError {
            if (arguments.size() < fewest || arguments.size() > most) {
                throw new SqlServerError(174, 15, 1, "The " + name + " function requires " + fewest + " argument(s).");
            }
            String text = template.replace("$*", String.join(", ", arguments));
            for (int i = 0; i < arguments.size(); i++) {
                text = text.replace("$" + (i + 1), arguments.get(i));
            }
            return text;
        }
    }

    static Optional<Rule> find(String name) {
        return Optional.ofNullable(RULES.get(name.toLowerCase(Locale.ROOT)));
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        same(
                rules, 1, 1, "min", "max", "sum", "avg", "abs", "upper", "lower", "trim", "ltrim", "rtrim", "floor",
                "sign");
        same(rules, 1, 1, "ceiling", "ascii", "reverse", "sqrt", "char", "space", "exp", "log");
        same(rules, 2, 2, "nullif", "left", "right", "power");
        same(rules, 3, 3, "replace", "substring");
        same(rules, 2, 9, "coalesce", "concat");
        same(rules, 2, 2, "round");
        same(rules, 0, 0, "row_number", "rank", "dense_rank");
        put(rules, 1, 1, "count", "CAST(COUNT($1) AS INTEGER)");
        put(rules, 1, 1, "count_big", "COUNT($1)");
        put(rules, 2, 2, "isnull", "COALESCE($1, $2)");
        put(rules, 3, 3, "iif", "CASE WHEN $1 THEN $2 ELSE $3 END");
        put(rules, 1, 1, "len", "CAST(CHAR_LENGTH(RTRIM($1)) AS INTEGER)");
        put(rules, 2, 2, "charindex", "CAST(LOCATE($1, $2) AS INTEGER)");
        put(rules, 2, 2, "replicate", "REPEAT($1, $2)");
        put(rules, 1, 1, "year", "EXTRACT(YEAR FROM $1)");
        put(rules, 1, 1, "month", "EXTRACT(MONTH FROM $1)");
        put(rules, 1, 1, "day", "EXTRACT(DAY FROM $1)");
        put(rules, 0, 0, "getdate", "CAST(LOCALTIMESTAMP AS TIMESTAMP(3))");
        put(rules, 0, 0, "sysdatetime", "CAST(LOCALTIMESTAMP AS TIMESTAMP(7))");
        put(rules, 0, 0, "sysdatetimeoffset", "CAST(CURRENT_TIMESTAMP AS TIMESTAMP(7) WITH TIME ZONE)");
        put(rules, 0, 0, "getutcdate", "CAST(\"standin\".\"in_utc\"(CURRENT_TIMESTAMP) AS TIMESTAMP(3))");
        put(rules, 0, 0, "sysutcdatetime", "CAST(\"standin\".\"in_utc\"(CURRENT_TIMESTAMP) AS TIMESTAMP(7))");
        put(rules, 0, 0, "newid", "RANDOM_UUID()");
        put(rules, 0, 0, "scope_identity", "SCOPE_IDENTITY()");
        sessions(rules);
        return rules;
    }

    private static void sessions(Map<String, Rule> rules) {
        session(
                rules,
                0,
                "current_timezone_id",
                "suser_sname",
                "suser_name",
                "original_login",
                "host_name",
                "app_name");
        session(rules, 0, "xact_state", "error_number", "error_message", "error_severity", "error_state");
        session(rules, 1, "serverproperty", "type_name", "is_member", "is_srvrolemember");
        session(rules, 2, "col_length");
        session(rules, 3, "has_perms_by_name", "applock_mode");
        session(rules, 4, "applock_test");
        optional(rules, 0, 1, "db_name", "db_id", "schema_name", "schema_id", "user_name");
        optional(rules, 1, 2, "object_id", "is_rolemember", "object_name", "object_schema_name");
        put(rules, 2, 2, "todatetimeoffset", "CAST(" + call("todatetimeoffset") + " AS TIMESTAMP(7) WITH TIME ZONE)");
        put(rules, 1, 1, "sys.fn_cdc_get_min_lsn", call("fn_cdc_get_min_lsn"));
        put(rules, 0, 0, "sys.fn_cdc_get_max_lsn", call("fn_cdc_get_max_lsn"));
        put(rules, 1, 1, "sys.fn_cdc_map_lsn_to_time", call("fn_cdc_map_lsn_to_time"));
        put(rules, 1, 1, "sys.fn_cdc_increment_lsn", call("fn_cdc_increment_lsn"));
    }

    private static void same(Map<String, Rule> rules, int fewest, int most, String... names) {
        for (String name : names) {
            put(rules, fewest, most, name, name.toUpperCase(Locale.ROOT) + "($*)");
        }
    }

    private static void session(Map<String, Rule> rules, int count, String... names) {
        optional(rules, count, count, names);
    }

    private static void optional(Map<String, Rule> rules, int fewest, int most, String... names) {
        for (String name : names) {
            put(rules, fewest, most, name, call(name));
        }
    }

    private static String call(String name) {
        return H2Types.quote(SCHEMA) + "." + H2Types.quote(name) + "($*)";
    }

    private static void put(Map<String, Rule> rules, int fewest, int most, String name, String template) {
        rules.put(name, new Rule(fewest, most, template));
    }
}
