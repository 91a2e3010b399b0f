package io.dstream.mssql.logging;

import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/// Writes what libraries log through `java.util.logging`, the JDBC driver for one, as one line a record.
final class OneLineHandler extends Handler {

    private final PrintStream out;
    private final SimpleFormatter messages = new SimpleFormatter();

    OneLineHandler(PrintStream out) {
        this.out = out;
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            String cause = record.getThrown() == null ? "" : " cause=" + record.getThrown();
            String text = levelName(record.getLevel()) + " " + record.getLoggerName() + " - "
                    + messages.formatMessage(record) + cause;
            out.println(text.replaceAll("\\R", " "));
        }
    }

    /// In the words of all other logs.
    private static String levelName(Level level) {
        return level.intValue() >= Level.SEVERE.intValue() ? "ERROR" : "WARN";
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        flush();
    }
}
