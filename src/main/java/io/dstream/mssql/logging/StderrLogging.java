package io.dstream.mssql.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/// Sends every log to stderr, each line prefixed, and takes `System.out` away from everybody.
public final class StderrLogging {

    private static final String PROPERTY = "org.slf4j.simpleLogger.";
    private static final Set<String> LEVELS = Set.of("debug", "info", "warn", "error");
    private static final String DEFAULT_LEVEL = "info";

    /// Held, because a logger that nobody holds forgets its level.
    private static final Logger DRIVER = Logger.getLogger("com.microsoft.sqlserver.jdbc");

    private StderrLogging() {}

    /// Must run before the first logger is made. `level` is that of `DSTREAM_LOG_LEVEL`: debug, info, warn or
    /// error; info where it is absent, or unknown, which is logged.
    ///
    /// Afterwards `System.out` is stderr too, so that no library can write between the lines of the protocol.
    public static void install(Optional<String> level) {
        PrintStream stderr = new PrintStream(
                new LinePrefixStream(new FileOutputStream(FileDescriptor.err), InstantSource.system()), true, UTF_8);
        System.setErr(stderr);
        System.setOut(stderr);
        properties(level).forEach(System::setProperty);
        LogManager.getLogManager().reset();
        // It logs each connection that fails, past our limit of repeated failures; all of it comes as an exception too.
        DRIVER.setLevel(level.filter("debug"::equalsIgnoreCase).isPresent() ? Level.WARNING : Level.OFF);
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new OneLineHandler(stderr));
        level.filter(text -> !isLevel(text))
                .ifPresent(text -> LoggerFactory.getLogger(StderrLogging.class)
                        .warn(
                                "unknown log level, using {} DSTREAM_LOG_LEVEL={} known={}",
                                DEFAULT_LEVEL,
                                text,
                                LEVELS));
    }

    /// The system properties that configure the logging library.
    static Map<String, String> properties(Optional<String> level) {
        String own = level.filter(StderrLogging::isLevel)
                .map(text -> text.toLowerCase(Locale.ROOT))
                .orElse(DEFAULT_LEVEL);
        Map<String, String> properties = new TreeMap<>();
        properties.put(PROPERTY + "logFile", "System.err");
        properties.put(PROPERTY + "defaultLogLevel", own);
        properties.put(PROPERTY + "showDateTime", "false");
        properties.put(PROPERTY + "showThreadName", "false");
        properties.put(PROPERTY + "showShortLogName", "true");
        // Every broken connection is a warning with a stack trace there; whoever used it says so in one line, here.
        properties.put(PROPERTY + "log.com.zaxxer.hikari", own.equals("debug") ? own : "error");
        // Everything that fails there comes as an exception too, many times over.
        for (String library : Set.of("com.azure", "com.microsoft.aad", "reactor")) {
            properties.put(PROPERTY + "log." + library, own.equals("debug") ? "warn" : "off");
        }
        return properties;
    }

    private static boolean isLevel(String text) {
        return LEVELS.contains(text.toLowerCase(Locale.ROOT));
    }
}
