package io.dstream.mssql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What GitHub runs has no more rights than it needs, ends, and runs no code but what was looked at.
final class WorkflowsTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    /// With the version beside the commit, for people and for Dependabot.
    private static final Pattern PINNED =
            Pattern.compile("\\s*(- )?uses: ([\\w.-]+/[\\w./-]+)@([0-9a-f]{40}) # (v[0-9]+\\.[0-9]+\\.[0-9]+)");

    private static List<Path> workflows() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(".github/workflows"))) {
            return files.sorted().toList();
        }
    }

    private static JsonNode read(Path file) throws IOException {
        return YAML.readTree(Files.readString(file));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void mayReadAndNoMoreUnlessAJobSaysSo(Path file) throws IOException {
        assertThat(read(file).get("permissions")).isEqualTo(YAML.readTree("contents: read"));
        assertThat(read(file).get("on").has("pull_request_target")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void runsOneAtATimeAndEveryJobEnds(Path file) throws IOException {
        assertThat(read(file).at("/concurrency/group").asText()).contains("github.ref");
        assertThat(read(file).get("jobs")).isNotEmpty().allSatisfy(job -> {
            assertThat(job.path("timeout-minutes").asInt()).isBetween(1, 120);
            assertThat(job.path("runs-on").asText()).doesNotContain("latest").isNotEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void pinsEveryActionByItsCommit(Path file) throws IOException {
        assertThat(Files.readAllLines(file).stream().filter(line -> line.contains("uses:")))
                .isNotEmpty()
                .allMatch(PINNED.asMatchPredicate());
    }

    @Test
    void pinsAnActionAlikeEverywhere() throws IOException {
        Map<String, String> pins = new TreeMap<>();
        for (Path file : workflows()) {
            PINNED.matcher(Files.readString(file)).results().forEach(pin -> {
                String repository = pin.group(2).replaceAll("^([^/]+/[^/]+)/.*", "$1");
                String commit = pin.group(3) + " " + pin.group(4);
                assertThat(pins.merge(repository, commit, (first, _) -> first))
                        .as(repository)
                        .isEqualTo(commit);
            });
        }
        assertThat(pins).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void leavesNoTokenInTheCheckoutAndPutsNothingFromOutsideIntoAScript(Path file) throws IOException {
        read(file)
                .get("jobs")
                .forEach(job -> job.get("steps").forEach(step -> {
                    if (step.path("uses").asText().startsWith("actions/checkout@")) {
                        assertThat(step.at("/with/persist-credentials")).hasToString("false");
                    }
                    assertThat(step.path("run").asText()).doesNotContain("${{");
                }));
    }

    @Test
    void everyPushIsTestedOnTheRealServerAndNothingMayBeMissing() throws IOException {
        JsonNode build = read(Path.of(".github/workflows/build.yml"));

        assertThat(build.at("/env/DSTREAM_TEST_AZURITE").asText()).isEqualTo("required");
        assertThat(build.at("/jobs/sql-server/steps").toString())
                .contains("./mvnw verify -Dsqlserver=container -Dazurite=container");
        assertThat(build.at("/jobs/stand-in/steps").toString()).contains(".ci/run");
        assertThat(build.at("/on").has("push")).isTrue();
        assertThat(build.at("/on").has("pull_request")).isTrue();
    }

    @Test
    void dependabotLooksAfterLibrariesActionsAndBaseImages() throws IOException {
        assertThat(read(Path.of(".github/dependabot.yml")).get("updates"))
                .extracting(update -> update.get("package-ecosystem").asText())
                .containsExactlyInAnyOrder("maven", "github-actions", "docker");
    }
}
