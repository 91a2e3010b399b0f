package io.dstream.mssql.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Collects what is wrong with a configuration, so that everything is reported at once. Not thread-safe.
///
/// Paths are those of the configuration itself, also when it came inside a command envelope: `lock_config.type`,
/// `tables[2]`.
final class Problems {

    private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]");
    private static final int LONGEST_QUOTE = 100;

    private final List<String> lines = new ArrayList<>();

    /// `path` is empty for the configuration as a whole. `text` must not hold a secret; it becomes one line.
    void add(String path, String text) {
        lines.add(oneLine(path.isEmpty() ? text : path + ": " + text));
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /// Returns only when nothing was added. `enveloped` is for whoever answers the launcher.
    void throwIfAny(boolean enveloped) throws ConfigException {
        if (!lines.isEmpty()) {
            throw new ConfigException(lines, enveloped);
        }
    }

    /// A value as messages show it: in backticks, cut when long. Never for what may be a secret.
    static String quote(String value) {
        return value.length() <= LONGEST_QUOTE ? "`" + value + "`" : "`" + value.substring(0, LONGEST_QUOTE) + "..`";
    }

    private static String oneLine(String text) {
        return NOT_PRINTABLE.matcher(text).replaceAll(" ");
    }
}
