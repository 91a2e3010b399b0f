package io.dstream.mssql.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class AzuriteTest {

    private static final Path SOURCES = Path.of("src/test/azurite");

    private final Azurite.Attempt missing = new Azurite.Attempt.Missing("npm ci failed");

    @Test
    void whereItIsMissingTheTestIsSkippedWithTheReason() {
        assertThatExceptionOfType(TestAbortedException.class)
                .isThrownBy(() -> Azurite.require(missing, false))
                .withMessageContaining("npm ci failed");
    }

    @Test
    void whereItIsMissingButRequiredTheTestFails() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Azurite.require(missing, true))
                .withMessageContaining("npm ci failed");
    }

    @Test
    void npmInstallsTheVersionOfTheContainer() throws IOException {
        assertThat(SOURCES.resolve("package.json")).content().contains("\"azurite\": \"" + Azurite.VERSION + "\"");
    }

    @Test
    void theLockNamesNoRegistry() throws IOException {
        assertThat(Files.readString(SOURCES.resolve("package-lock.json")))
                .contains("\"node_modules/azurite\"")
                .doesNotContain("\"resolved\"");
    }
}
