package io.dstream.mssql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is shipped: the image's Dockerfile, DStream's artifact, the list of parts and their licences. No image is
/// built.
final class PackagingIT {

    private static final Path EXECUTABLE = Path.of(System.getProperty("dstream.executable", ""));
    private static final Path DOCKERFILE = Path.of("Dockerfile");
    private static final Path LAUNCHER = Path.of("src/main/launcher/launcher.sh");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final List<String> PLATFORMS = List.of("linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64");

    @TempDir
    Path directory;

    @Test
    void theImageStartsJavaItselfAsTheLauncherDoes() throws IOException {
        String launcher = Files.readString(LAUNCHER);
        Set<String> launchers = options(launcher.substring(launcher.indexOf("collector=-XX")));
        String dockerfile = Files.readString(DOCKERFILE);
        String entrypoint = dockerfile.substring(dockerfile.indexOf("ENTRYPOINT ["));

        Set<String> ofImage = options(entrypoint);

        assertThat(entrypoint).startsWith("ENTRYPOINT [\"/opt/runtime/bin/java\",");
        // The layers of an image have checksums.
        launchers.remove("-XX:+VerifySharedSpaces");
        assertThat(ofImage).isEqualTo(launchers);
        assertThat(launcher).contains("${MALLOC_ARENA_MAX=1}");
        assertThat(dockerfile.lines()).contains("ENV MALLOC_ARENA_MAX=1");
        assertThat(dockerfile.lines().filter(line -> line.startsWith("USER "))).containsExactly("USER 65532:65532");
    }

    /// Options of the JVM in `text`; of those with a path, only the name.
    private static Set<String> options(String text) {
        Set<String> options = new TreeSet<>();
        String code = text.replaceAll("(?m)^ *#.*$", "");
        Matcher option = Pattern.compile("(?<=[\\s\"=])-(?:X[\\w:+,*=-]+|-enable-native-access=[\\w-]+)")
                .matcher(code);
        while (option.find()) {
            String found = option.group();
            // A pattern of the shell, not an option.
            if (!found.endsWith("*") && !found.endsWith("+Use")) {
                options.add(found.replaceFirst("(?<=AOTCache=).*", ""));
            }
        }
        return options;
    }

    /// There Dependabot and the release look for them, not in an ARG.
    @Test
    void theBaseImagesStandInLinesOfTheirOwn() throws IOException {
        for (String stage : List.of("build-base", "runtime-base")) {
            assertThat(Files.readAllLines(DOCKERFILE))
                    .filteredOn(line -> line.matches("FROM [\\w./-]+:[\\w.-]+(@sha256:[0-9a-f]{64})? AS " + stage))
                    .hasSize(1);
            assertThat(Files.readString(Path.of(".github/workflows/release.yml")))
                    .contains(stage);
        }
    }

    @Test
    void theArtifactHasAFileForEveryPlatformAndSaysWhatItIs() throws IOException, InterruptedException {
        Path artifact = directory.resolve("an artifact");
        ProcessBuilder script = new ProcessBuilder("config/oci-layout.sh", artifact.toString());
        script.environment().put("DSTREAM_OCI_REF", "registry.example.com:5000/dstream-ingester-mssql:v1.2.3");

        assertThat(run(script)).isZero();

        JsonNode provider = JSON.readTree(artifact.resolve("provider.json").toFile());
        assertThat(provider.propertyStream().map(field -> field.getKey()))
                .containsExactly("name", "version", "description", "type", "sdk_version", "config_schema", "platforms");
        assertThat(provider.path("type").asText()).isEqualTo("input");
        assertThat(provider.path("version").asText()).isEqualTo("v1.2.3");
        assertThat(provider.path("config_schema").isObject()).isTrue();
        assertThat(provider.path("platforms").valueStream().map(JsonNode::asText))
                .containsExactlyElementsOf(PLATFORMS);
        for (String platform : PLATFORMS) {
            Path plugin = artifact.resolve("plugin." + platform);
            assertThat(plugin).isExecutable();
            assertThat(Files.mismatch(plugin, EXECUTABLE)).as(platform).isEqualTo(-1);
        }
        assertThat(Files.readString(directory.resolve("out.txt")))
                .contains("oras push 'registry.example.com:5000/dstream-ingester-mssql:v1.2.3'")
                .contains("application/vnd.dstream.provider");

        ProcessBuilder plugin =
                new ProcessBuilder(artifact.resolve("plugin.linux_amd64").toString());
        plugin.environment().put("DSTREAM_CACHE", "off");
        assertThat(run(plugin)).as("nothing on stdin").isEqualTo(2);
    }

    @Test
    void theArtifactIsNotLaidOutUnderABadName() throws IOException, InterruptedException {
        for (String name : List.of("registry.example.com:5000/ingester", "example.com/ingester@sha256:00", "a:\"b")) {
            ProcessBuilder script = new ProcessBuilder("config/oci-layout.sh", directory.toString());
            script.environment().put("DSTREAM_OCI_REF", name);

            assertThat(run(script)).as(name).isEqualTo(1);
            assertThat(directory.resolve("provider.json")).doesNotExist();
        }
    }

    private int run(ProcessBuilder builder) throws IOException, InterruptedException {
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(directory.resolve("out.txt").toFile())
                .redirectError(directory.resolve("err.txt").toFile())
                .start();
        assertThat(process.waitFor(LIMIT)).as("ended within " + LIMIT).isTrue();
        return process.exitValue();
    }

    @Test
    void everyPartIsListedAndItsLicenceIsInside() throws IOException {
        JsonNode parts = JSON.readTree(Path.of("target/bom.json").toFile()).path("components");
        List<String> names =
                parts.valueStream().map(part -> part.path("name").asText()).toList();

        assertThat(names)
                .contains("mssql-jdbc", "HikariCP", "jackson-core", "azure-identity")
                .doesNotContain("h2");
        try (JarFile executable = new JarFile(EXECUTABLE.toFile())) {
            String licences = new String(
                    executable
                            .getInputStream(executable.getEntry("META-INF/THIRD-PARTY.txt"))
                            .readAllBytes(),
                    UTF_8);
            assertThat(Arrays.asList(licences.split("[\\s:,]+"))).containsAll(names);
            assertThat(licences).contains("Apache License", "MIT License", "MIT No Attribution");
        }
    }
}
