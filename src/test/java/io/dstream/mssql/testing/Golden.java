package io.dstream.mssql.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Output as a file of `src/test/resources/golden` has it, but for what differs from run to run.
/// `-Dgolden.update=true` writes the files anew; read their difference before it is committed.
public final class Golden {

    private static final Path FILES = Path.of("src/test/resources/golden");
    private static final boolean UPDATES = Boolean.getBoolean("golden.update");

    private Golden() {}

    /// Fails where `output` is not what the file `name` has.
    public static void requireSame(String name, String output) throws IOException {
        Path file = FILES.resolve(name);
        String masked = masked(output).stripTrailing() + "\n";
        if (UPDATES) {
            Files.createDirectories(FILES);
            Files.writeString(file, masked, UTF_8);
        }
        assertThat(masked)
                .as("%s; -Dgolden.update=true writes it anew", file)
                .isEqualTo(Files.exists(file) ? Files.readString(file, UTF_8) : "");
    }

    /// Masks, in this order: names of test databases, of the server, of containers, who holds a lock, LSNs,
    /// ports, times as people read them, and numbers of seconds. Two or more spaces become two, since what is
    /// masked had other lengths.
    static String masked(String output) {
        String text = output.replaceAll("test_\\d+_\\d+", "<database>")
                .replaceAll("server [^ ,]+, database", "server <server>, database")
                .replaceAll("\"server\":\"[^\"]*\"", "\"server\":\"<server>\"")
                .replaceAll("[\\w.%-]+/<database>", "<server>/<database>")
                .replaceAll("test-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<container>")
                .replaceAll("[\\w.-]+ pid \\d+ since [0-9TZ:-]+", "<owner>")
                .replaceAll("[0-9a-f]{8}:[0-9a-f]{8}:[0-9a-f]{4}", "<lsn>")
                .replaceAll("127\\.0\\.0\\.1([:,])\\d+", "127.0.0.1$1<port>")
                .replaceAll("\\b\\d+(d \\d+h|h \\d+m|m \\d+s|s)\\b", "<time>")
                .replaceAll("(_seconds|\"seconds)\":\\d+", "$1\":<seconds>");
        return Pattern.compile(" {2,}").matcher(text).replaceAll("  ");
    }
}
