package io.dstream.mssql.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `./bench` as people start it, in the project's directory, with few rows: that it measures, not what.
final class BenchIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource({
        "--rows wide --rows 3000 --rounds 1,program / bare loop: ",
        "--mode change_table --tx small --rows 3000 --rounds 1 --heap 64m,program / bare loop: ",
        "--rows lob --rows 200 --check,200 rows in ",
        "--tx small --rows 3000 --check,3000 rows in ",
        "--tables 3 --rows 9000 --rounds 1,3 tables / one table: ",
        "--latency --seconds 1,visible in the change table to line on stdout: ",
        "--idle 5 --poll 100ms --max-poll 400ms --seconds 1 --changes 3,visible in the change table to line on stdout: ",
        "--start --rounds 1,start to ready: ",
    })
    void measures(String arguments, String begin) throws Exception {
        assertThat(run(arguments.split(" "))).as("%s", read("err.txt")).isZero();

        assertThat(read("out.txt")).first().asString().startsWith(begin);
        assertThat(read("err.txt")).allSatisfy(line -> assertThat(line).startsWith("[MSSQL-CDC] "));
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertThat(run("--rows", "many")).isEqualTo(2);

        assertThat(read("out.txt")).isEmpty();
        assertThat(read("err.txt"))
                .singleElement()
                .asString()
                .startsWith("[MSSQL-CDC] Bench: ")
                .contains("--help");
    }

    /// Leaves `out.txt` and `err.txt`.
    private int run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("./bench")
                .redirectOutput(dir.resolve("out.txt").toFile())
                .redirectError(dir.resolve("err.txt").toFile());
        builder.command().addAll(List.of(arguments));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT)).as("ended within " + LIMIT).isTrue();
            return process.exitValue();
        } finally {
            process.destroy();
        }
    }

    private List<String> read(String name) throws IOException {
        return Files.readAllLines(dir.resolve(name));
    }
}
