package io.dstream.mssql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The tables that name tests must not outlive them.
final class RulesTest {

    private static final int RULES = 21;
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|.*\\|(.*)\\|$");

    /// `SomeTest`, `SomeTest.method`; after a comma also `.method`, of the class before.
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT|Contract))?(?:\\.(\\w+))?`");

    @Test
    void everyRuleHasATest() throws IOException {
        List<MatchResult> rows = ROW.matcher(Files.readString(Path.of("docs/cdc-rules.md")))
                .results()
                .toList();

        assertThat(rows)
                .extracting(row -> row.group(1))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, RULES)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(rows)
                .allSatisfy(row -> assertThat(NAMED.matcher(row.group(2)).results())
                        .as("tests of rule " + row.group(1))
                        .isNotEmpty());
    }

    @Test
    void everyTestNamedInTheRulesExists() throws IOException {
        assertNamedTestsExist(Path.of("docs/cdc-rules.md"));
    }

    @Test
    void everyTestNamedInTheArchitectureExists() throws IOException {
        assertNamedTestsExist(Path.of("ARCHITECTURE.md"));
    }

    private static void assertNamedTestsExist(Path document) throws IOException {
        Map<String, Path> classes = testClasses();
        for (String row : Files.readAllLines(document)) {
            String type = "";
            for (MatchResult name : NAMED.matcher(row).results().toList()) {
                boolean another = name.group(1) != null;
                if (!another && (type.isEmpty() || name.group(2) == null)) {
                    continue;
                }
                type = another ? name.group(1) : type;
                assertThat(classes).as(row).containsKey(type);
                if (name.group(2) != null) {
                    assertThat(Files.readString(classes.get(type)))
                            .as(type + " has no test " + name.group(2))
                            .containsPattern("void " + name.group(2) + "\\(");
                }
            }
        }
    }

    private static Map<String, Path> testClasses() throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""), file -> file, (one, _) -> one));
        }
    }
}
