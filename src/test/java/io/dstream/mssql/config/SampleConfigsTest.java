package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleConfigsTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "MSSQL_CONNECTION_STRING",
            Configs.DATABASE,
            "AZURE_STORAGE_CONNECTION_STRING",
            "UseDevelopmentStorage=true");

    private static Launch read(String file) throws Exception {
        try (InputStream input = Files.newInputStream(Path.of(file))) {
            return new ConfigReader(ENVIRONMENT).read(input);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "test-config.json",
                "config/minimal.json",
                "config/full.json",
                "config/command-envelope.json",
                "config/azure-locks.json"
            })
    void everySampleWorks(String file) throws Exception {
        assertThat(read(file).config().database()).hasToString("db1/shop");
    }

    @Test
    void theTestConfigurationIsTheOriginalsShape() throws Exception {
        IngesterConfig config = read("test-config.json").config();

        assertThat(config.tables().named())
                .extracting(TableEntry::toString)
                .containsExactly("dbo.customers", "dbo.orders", "dbo.products");
        assertThat(config.polling().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.polling().maxInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.lock()).isEqualTo(new LockConfig(LockConfig.Type.SQL_SERVER, OptionalInt.empty()));
    }

    @Test
    void theEnvelopeSampleIsAnEnvelope() throws Exception {
        assertThat(read("config/command-envelope.json").enveloped()).isTrue();
    }

    @Test
    void theAzureSampleHasItsLocksThere() throws Exception {
        assertThat(read("config/azure-locks.json").config().lock().type()).isEqualTo(LockConfig.Type.AZURE_BLOB);
    }
}
