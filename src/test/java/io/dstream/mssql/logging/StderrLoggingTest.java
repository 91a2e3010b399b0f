package io.dstream.mssql.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StderrLoggingTest {

    private static final String PREFIX = "[MSSQL-CDC] 2025-09-28T20:00:00.120Z ";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2025-09-28T20:00:00.12Z"));
    private final PrintStream stderr = new PrintStream(new LinePrefixStream(out, clock), true, UTF_8);

    @Test
    void startsEveryLineWithThePrefix() {
        stderr.println("INFO Main - ready");
        stderr.print("half a ");
        stderr.println("line ä");
        stderr.write('\n');

        assertThat(out.toString(UTF_8))
                .isEqualTo(PREFIX + "INFO Main - ready\n" + PREFIX + "half a line ä\n" + PREFIX + "\n");
    }

    @Test
    void prefixesTheLinesOfAStackTrace() {
        new IllegalStateException("two\nlines", new RuntimeException("cause")).printStackTrace(stderr);

        assertThat(out.toString(UTF_8).lines().toList())
                .hasSizeGreaterThan(4)
                .allSatisfy(line -> assertThat(line).startsWith(PREFIX));
    }

    @Test
    void writesARecordOfTheDriverAsOneLine() {
        LogRecord record = new LogRecord(Level.WARNING, "connection {0}\nlost");
        record.setLoggerName("com.microsoft.sqlserver.jdbc");
        record.setParameters(new Object[] {7});
        record.setThrown(new IllegalStateException("why"));
        OneLineHandler handler = new OneLineHandler(stderr);

        handler.publish(record);

        assertThat(out.toString(UTF_8))
                .isEqualTo(PREFIX + "WARN com.microsoft.sqlserver.jdbc - connection 7 lost"
                        + " cause=java.lang.IllegalStateException: why\n");
    }

    @ParameterizedTest
    @CsvSource({
        "debug, debug, debug, warn",
        "INFO, info, error, off",
        "warn, warn, error, off",
        "error, error, error, off",
        "loud, info, error, off"
    })
    void takesTheLevelAndKeepsLibrariesQuieter(String level, String own, String pool, String azure) {
        assertThat(StderrLogging.properties(Optional.of(level)))
                .containsEntry("org.slf4j.simpleLogger.defaultLogLevel", own)
                .containsEntry("org.slf4j.simpleLogger.log.com.zaxxer.hikari", pool)
                .containsEntry("org.slf4j.simpleLogger.log.com.azure", azure)
                .containsEntry("org.slf4j.simpleLogger.log.com.microsoft.aad", azure)
                .containsEntry("org.slf4j.simpleLogger.log.reactor", azure);
    }

    @Test
    void isAtInfoWhereNoLevelIsGiven() {
        assertThat(StderrLogging.properties(Optional.empty()))
                .containsEntry("org.slf4j.simpleLogger.defaultLogLevel", "info");
    }
}
