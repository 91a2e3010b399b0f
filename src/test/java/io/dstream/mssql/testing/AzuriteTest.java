package io.dstream.mssql.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AzuriteTest {

    private static final Path SOURCES = Path.of("src/test/azurite");

    private final Azurite.Attempt missing = new Azurite.Attempt.Missing("npm ci failed");

    @Test
    void whereItIsMissingTheTestIsSkippedWithTheReason() {
        assertThatThrownBy(() -> Azurite.require(missing, false))
                .hasMessageContaining("npm ci failed")
                .extracting(thrown -> thrown.getClass().getSimpleName())
                .isEqualTo("TestAbortedException");
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
