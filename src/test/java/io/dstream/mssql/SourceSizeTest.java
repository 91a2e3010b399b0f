package io.dstream.mssql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Guards the longest, not the average: a file or method that outgrows these wants to be two.
class SourceSizeTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final int MOST_LINES_OF_A_FILE = 350;
    private static final int MOST_LINES_OF_A_METHOD = 60;

    /// A type, or a block that fills a table.
    private static final Pattern TYPE = Pattern.compile("\\b(class|interface|record|enum)\\b.*|static \\{");

    @Test
    void noFileIsTooLong() throws IOException {
        assertThat(sources())
                .isNotEmpty()
                .allSatisfy(source -> assertThat(Files.readAllLines(source))
                        .as(source.toString())
                        .hasSizeLessThanOrEqualTo(MOST_LINES_OF_A_FILE));
    }

    @Test
    void noMethodIsTooLong() throws IOException {
        for (Path source : sources()) {
            List<String> lines = Files.readAllLines(source);
            assertThat(tooLong(lines, "    ")).as(source.toString()).isEmpty();
            assertThat(tooLong(lines, "        ")).as(source + ", nested").isEmpty();
        }
    }

    @Test
    void countsAMethodFromItsFirstLineToItsLast() {
        List<String> lines = new ArrayList<>(List.of("class A {", "    void a(", "            int b) {"));
        while (lines.size() < MOST_LINES_OF_A_METHOD) {
            lines.add("        b();");
        }
        lines.add("    }");
        assertThat(tooLong(lines, "    ")).isEmpty();

        lines.add(3, "        b();");
        assertThat(tooLong(lines, "    ")).containsExactly("void a(");
    }

    /// What starts and ends at `indent` and is no type; the formatter makes the indentation reliable.
    private static List<String> tooLong(List<String> lines, String indent) {
        List<String> found = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith(indent) || line.length() == indent.length() || line.charAt(indent.length()) == ' ') {
                continue;
            }
            if (!line.equals(indent + "}")) {
                start = i;
            } else if (i - start >= MOST_LINES_OF_A_METHOD
                    && !TYPE.matcher(lines.get(start)).find()) {
                found.add(lines.get(start).strip());
            }
        }
        return found;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
