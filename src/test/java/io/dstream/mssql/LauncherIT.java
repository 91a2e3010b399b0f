package io.dstream.mssql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The built executable: a shell script and a jar in one file, under the Javas of this machine.
class LauncherIT {

    private static final Path EXECUTABLE = Path.of(System.getProperty("dstream.executable", ""));
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    @Test
    void isAlsoAMultiReleaseJar() throws IOException {
        try (JarFile jar = new JarFile(EXECUTABLE.toFile())) {
            assertThat(jar.isMultiRelease()).isTrue();
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo(Main.class.getName());
        }
    }

    @Test
    void startsOnAJavaNewEnoughWhateverThatOnPathIs() throws IOException, InterruptedException {
        assertThat(run("--version")).isEqualTo(0);

        assertThat(Integer.parseInt(read("out.txt").replaceFirst("(?s)^\\S+ (\\d+).*", "$1")))
                .isGreaterThanOrEqualTo(25);
    }

    @Test
    void keepsTheLogOfTheJvmOffStdout() throws IOException, InterruptedException {
        run("-Xlog:gc*=debug -Xlog:class+load:stderr");

        assertThat(read("out.txt")).doesNotContain("][gc", "][class");
        assertThat(read("err.txt")).contains(Main.class.getName() + " source: file:" + EXECUTABLE.toRealPath());
    }

    /// Runs with nothing on stdin and `jvmOptions`; leaves `out.txt` and `err.txt`.
    private int run(String jvmOptions) throws IOException, InterruptedException {
        Path in = Files.createFile(dir.resolve("in.txt"));
        ProcessBuilder builder = new ProcessBuilder(EXECUTABLE.toString())
                .redirectInput(in.toFile())
                .redirectOutput(dir.resolve("out.txt").toFile())
                .redirectError(dir.resolve("err.txt").toFile());
        builder.environment().put("DSTREAM_JAVA_OPTS", jvmOptions);
        builder.environment().put("DSTREAM_CACHE", "off");
        builder.environment().remove("JAVA_HOME");
        Process process = builder.start();
        assertThat(process.waitFor(LIMIT)).as("ended within " + LIMIT).isTrue();
        return process.exitValue();
    }

    private String read(String name) throws IOException {
        return Files.readString(dir.resolve(name));
    }
}
