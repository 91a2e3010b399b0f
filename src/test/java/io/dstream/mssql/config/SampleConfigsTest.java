package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SampleConfigsTest {

    private static final String STORAGE = "UseDevelopmentStorage=true";

    private static final Map<String, String> ENVIRONMENT =
            Map.of("MSSQL_CONNECTION_STRING", Configs.DATABASE, "AZURE_STORAGE_CONNECTION_STRING", STORAGE);

    /// Where containers find their secrets.
    private static final String SECRETS = "/run/secrets/";

    private static final Path HCL = Path.of("config/dstream.hcl");

    @TempDir
    private Path secrets;

    private Launch read(String file) throws Exception {
        Files.writeString(secrets.resolve("mssql-connection-string"), Configs.DATABASE + "\n");
        Files.writeString(secrets.resolve("azure-storage-connection-string"), STORAGE + "\n");
        return new ConfigReader(ENVIRONMENT)
                .read(Configs.bytes(Files.readString(Path.of(file)).replace(SECRETS, secrets + "/")));
    }

    private static List<String> samples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("config"))) {
            return Stream.concat(Stream.of(Path.of("test-config.json")), files)
                    .filter(file -> file.toString().endsWith(".json") && !file.equals(ConfigSchema.FILE))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleWorks(String file) throws Exception {
        assertThat(read(file).config().database()).hasToString("db1/shop");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleIsValidByTheSchema(String file) throws Exception {
        assertThat(ConfigSchema.problems(Files.readString(Path.of(file)))).isEmpty();
    }

    @Test
    void theFullSampleHasEveryKey() throws Exception {
        assertThat(new ObjectMapper()
                        .readTree(Files.readString(Path.of("config/full.json")))
                        .fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(ConfigSchema.keys("configuration"));
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

    @ParameterizedTest
    @MethodSource("azureSamples")
    void theAzureSamplesHaveTheirLocksThere(String file) throws Exception {
        assertThat(read(file).config().lock().type()).isEqualTo(LockConfig.Type.AZURE_BLOB);
    }

    private static List<String> azureSamples() {
        return List.of("config/azure-locks.json", "config/azure-identity.json", "config/container.json");
    }

    /// Its input's attributes are rewritten as JSON, which HCL is close to where no text holds ` = `.
    @Test
    void theTaskOfDStreamConfiguresTheInput() throws Exception {
        String json = Files.readString(HCL)
                .transform(text -> text.substring(text.indexOf("config {") + 8, text.indexOf("output {")))
                .lines()
                .map(String::strip)
                .filter(line -> line.contains(" = "))
                .collect(Collectors.joining(", ", "{", "}"))
                .transform(text -> Pattern.compile("(\\w+) += ").matcher(text).replaceAll("\"$1\": "));

        assertThat(ConfigSchema.problems(json)).as(json).isEmpty();
        assertThat(Configs.accepts(json, ENVIRONMENT)).as(json).isTrue();
        assertThat(Files.readString(HCL)).doesNotContain("{{");
    }
}
