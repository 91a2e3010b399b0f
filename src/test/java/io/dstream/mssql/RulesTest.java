package io.dstream.mssql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The documents that name tests must not outlive them.
final class RulesTest {

    private static final int RULES = 21;
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|.*\\|(.*)\\|$");

    /// What belongs together: a table's row, or lines up to an empty one.
    private static final Pattern BETWEEN_BLOCKS = Pattern.compile("\\n\\s*\\n|\\n(?=\\|)");

    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    /// What was meant as `SomeTest`, `SomeTest.method`, or `.method` of the class before.
    private static final Pattern MEANT = Pattern.compile("(?s)\\w+(?:Test|IT|Contract)(?:\\W.*)?|\\.[a-z]\\w*[A-Z].*");

    private static final Pattern NAME = Pattern.compile("(\\w+(?:Test|IT|Contract))?(?:\\.(\\w+))?");

    private static final Set<Class<?>> MARKS =
            Set.of(Test.class, ParameterizedTest.class, RepeatedTest.class, TestFactory.class);

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
                .allSatisfy(row -> assertThat(QUOTED.matcher(row.group(2)).results())
                        .as("tests of rule " + row.group(1))
                        .anySatisfy(quoted -> assertThat(quoted.group(1)).matches(NAME)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/cdc-rules.md", "ARCHITECTURE.md", "README.md"})
    void everyTestThatIsNamedExists(Path document) throws Exception {
        requireNamesExist(Files.readString(document));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "`RulesTest.everyRuleHas..`",
                "`NoSuchTest`",
                "`RulesTest.requireNamesExist`",
                "`RulesTest.aNameThatIsNoneIsRefused`,\n`.everyRuleHasATestOfItsOwn`",
                "in a new block\n\n`.everyRuleHasATest`",
                "`RulesTest.everyRule\nHasATests`",
            })
    void aNameThatIsNoneIsRefused(String text) {
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> requireNamesExist(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "`RulesTest`, `RulesTest.everyRuleHasATest`,\n`.aNameThatIsNoneIsRefused` and `.lock`",
                "`CheckpointStoreContract.keepsEveryByte`",
                "```\nNoSuchTest `x\n```\n`RulesTest`",
            })
    void aNameThatIsOneIsAccepted(String text) throws Exception {
        requireNamesExist(text);
    }

    private static void requireNamesExist(String document) throws IOException, ClassNotFoundException {
        Map<String, Class<?>> classes = testClasses();
        String text = FENCED.matcher(document).replaceAll("");
        for (String block : BETWEEN_BLOCKS.splitAsStream(text).toList()) {
            Optional<Class<?>> type = Optional.empty();
            for (MatchResult quoted : QUOTED.matcher(block).results().toList()) {
                String meant = quoted.group(1);
                if (!MEANT.matcher(meant).matches()) {
                    continue;
                }
                Matcher name = NAME.matcher(meant);
                assertThat(name.matches()).as("a whole name: " + meant).isTrue();
                if (name.group(1) != null) {
                    assertThat(classes).as(meant).containsKey(name.group(1));
                    type = Optional.ofNullable(classes.get(name.group(1)));
                }
                assertThat(type).as("the class of " + meant).isPresent();
                assertThat(testsOf(type.orElseThrow()))
                        .as("tests of " + meant)
                        .anyMatch(test -> name.group(2) == null || test.equals(name.group(2)));
            }
        }
    }

    /// With those that it inherits.
    private static Set<String> testsOf(Class<?> type) {
        Set<String> tests = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Arrays.stream(method.getAnnotations())
                        .anyMatch(annotation -> MARKS.contains(annotation.annotationType())))
                .map(Method::getName)
                .collect(Collectors.toCollection(HashSet::new));
        Optional.ofNullable(type.getSuperclass()).ifPresent(parent -> tests.addAll(testsOf(parent)));
        return tests;
    }

    private static Map<String, Class<?>> testClasses() throws IOException, ClassNotFoundException {
        Map<String, Class<?>> classes = new HashMap<>();
        List<Path> sources;
        try (Stream<Path> files = Files.walk(TESTS)) {
            sources = files.filter(file -> file.toString().matches(".*(Test|IT|Contract)\\.java"))
                    .toList();
        }
        for (Path source : sources) {
            String name =
                    TESTS.relativize(source).toString().replace(".java", "").replace('/', '.');
            classes.put(
                    source.getFileName().toString().replace(".java", ""),
                    Class.forName(name, false, RulesTest.class.getClassLoader()));
        }
        return classes;
    }
}
