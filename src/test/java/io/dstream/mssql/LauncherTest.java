package io.dstream.mssql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The shell stub alone, before fake Javas that print what they were given. The install directories it looks into
/// are moved below a directory of the test, so that the machine's own Javas do not count.
class LauncherTest {

    private static final Path LAUNCHER = Path.of("src/main/launcher/launcher.sh");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /// What follows the script in the real file is a jar; whoever runs on into it says so.
    private static final String NOT_TO_BE_PARSED = "\necho PARSED ON\n\0PK\3\4(((";

    @TempDir
    Path dir;

    private Path root;
    private Path bin;
    private Path stub;
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void install() throws IOException {
        root = Files.createDirectory(dir.resolve("root"));
        bin = Files.createDirectory(dir.resolve("bin"));
        stub = installStub(dir.resolve("ingester"));
        environment.put("PATH", bin.toString());
    }

    @Test
    void prefersTheJavaNamedForIt() throws IOException, InterruptedException {
        environment.put("DSTREAM_JAVA_HOME", home("ours", "25.0.1").toString());
        environment.put("JAVA_HOME", home("theirs", "25.0.2").toString());

        assertThat(run().out()).startsWith("ours\n");
    }

    @Test
    void saysSoWhenTheJavaNamedForItDoesNotFit() throws IOException, InterruptedException {
        environment.put("DSTREAM_JAVA_HOME", home("ours", "21.0.4").toString());
        environment.put("JAVA_HOME", home("theirs", "25.0.2").toString());

        Result result = run();

        assertThat(result.out()).startsWith("theirs\n");
        assertThat(result.err())
                .isEqualTo("[MSSQL-CDC] WARN DSTREAM_JAVA_HOME is not a Java 25 or newer, looking elsewhere: "
                        + dir.resolve("ours") + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8.0_392", "17.0.15", "24-ea", "not a version"})
    void passesOverAJavaHomeThatDoesNotFit(String version) throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("old", version).toString());
        onPath(home("right", "25.0.1"));

        Result result = run();

        assertThat(result.out()).startsWith("right\n");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void passesOverAJavaHomeThatIsNotThere() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", dir.resolve("gone").toString());
        onPath(home("right", "26-ea"));

        assertThat(run().out()).startsWith("right\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "usr/lib/jvm/temurin-25-jdk-amd64",
                "usr/java/jdk-25",
                "opt/jdk-25",
                "opt/java/openjdk",
                "Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home",
                "opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home"
            })
    void findsAnInstalledJavaWhenTheOneOnPathIsOld(String place) throws IOException, InterruptedException {
        onPath(home("old", "17.0.15"));
        home("root/usr/lib/jvm/java-17", "17.0.15");
        home("root/" + place, "25.0.1");

        assertThat(run().out()).startsWith("root/" + place + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {".sdkman/candidates/java/25-tem", ".jdks/temurin-25"})
    void findsAJavaBelowTheUsersHome(String place) throws IOException, InterruptedException {
        environment.put("HOME", root.toString());
        home("root/" + place, "25.0.1");

        assertThat(run().out()).startsWith("root/" + place + "\n");
    }

    @Test
    void followsTheLinkOnPathToTheReleaseFile() throws IOException, InterruptedException {
        Path java = home("right", "25.0.1").resolve("bin/java");
        Files.createSymbolicLink(bin.resolve("java"), java);
        environment.put("PATH", bin + ":/usr/bin:/bin");

        assertThat(run().out()).startsWith("right\n");
    }

    @Test
    void asksAJavaWithoutReleaseFileAndKeepsItsInputForTheProgram() throws IOException, InterruptedException {
        Path home = home("shim", "25.0.1");
        Files.delete(home.resolve("release"));
        onPath(home);

        Result result = run();

        assertThat(result.out()).startsWith("shim\n").endsWith("stdin=one line\n");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void saysWhatWasFoundAndWhatIsNeededWhenNothingFits(String shell) throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("a b", "21.0.4").toString());
        home("root/usr/lib/jvm/java-17", "17.0.15");

        Result result = run(shell, stub.toString());

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).allMatch(line -> line.startsWith("[MSSQL-CDC] "));
        assertThat(result.err())
                .contains("Java 25 or newer", "JAVA_HOME")
                .contains("21.0.4 at " + dir.resolve("a b/bin/java"))
                .contains("17.0.15 at " + root.resolve("usr/lib/jvm/java-17/bin/java"));
    }

    @Test
    void saysSoWhenThereIsNoJavaAtAll() throws IOException, InterruptedException {
        Result result = run();

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("No Java at all").doesNotContain("not usable");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void passesArgumentsInputExitCodeAndProcessOn(String shell) throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("right", "25.0.1").toString());

        Result result = run(shell, stub.toString(), "status", "two words", "*", "");

        assertThat(result.out())
                .contains("<-jar>\n<" + stub + ">\n<status>\n<two words>\n<*>\n<>\n")
                .contains("pid=" + result.pid() + "\n")
                .endsWith("stdin=one line\n");
        assertThat(result.exit()).isEqualTo(7);
        assertThat(result.err()).isEmpty();
    }

    /// The JVM would have a file of its own there.
    @ParameterizedTest
    @MethodSource("shells")
    void givesAnEmptyInputWhereThereIsNone(String shell) throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("right", "25.0.1").toString());

        Result result = run("/bin/sh", "-c", "exec \"$0\" \"$1\" <&-", shell, stub.toString());

        assertThat(result.out()).doesNotContain("no stdin").endsWith("stdin=\n");
        assertThat(result.exit()).isEqualTo(7);
        assertThat(result.err()).isEmpty();
    }

    @Test
    void startsThroughALinkAndWithSpacesInItsPath() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("a b", "25.0.1").toString());
        Path spaced = installStub(Files.createDirectory(dir.resolve("x y")).resolve("my ingester"));
        Path link = Files.createSymbolicLink(dir.resolve("a link"), spaced);

        assertThat(run(spaced.toString()).out()).contains("<-jar>\n<" + spaced + ">\n");
        assertThat(run(link.toString()).out()).contains("<-jar>\n<" + link + ">\n");
    }

    @Test
    void startsByItsBareNameFromPath() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("right", "25.0.1").toString());
        environment.put("PATH", dir.toString());

        assertThat(run("/bin/sh", "-c", "ingester").out()).contains("<-jar>\n<" + stub + ">\n");
    }

    @Test
    void givesItsOwnOptionsFirstAndThoseOfTheEnvironmentInTheOrderOfTheirWeight()
            throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("right", "25.0.1").toString());
        environment.put("JAVA_TOOL_OPTIONS", "-Done=1");
        environment.put("JDK_JAVA_OPTIONS", "-Dtwo=2");
        environment.put("DSTREAM_JAVA_OPTS", "-Dthree=3  -Dall=*");

        Result result = run();

        assertThat(result.out())
                .containsSubsequence(
                        "<-XX:+DisplayVMOutputToStderr>",
                        "<-XX:+UseSerialGC>",
                        "<-Xms256m>",
                        "<-Xmx512m>",
                        "<-Done=1>",
                        "<-Dtwo=2>")
                .contains("<-Dthree=3>\n<-Dall=*>\n<-Xlog:all=off:stdout>\n<-jar>\n")
                .as("nothing is left for the JVM to announce")
                .contains("announced=[][]");
    }

    @Test
    void letsTheThreadsShareWhatTheyAllocateUnlessTold() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("right", "25.0.1").toString());
        assertThat(run().out()).contains("MALLOC_ARENA_MAX=1\n");

        environment.put("MALLOC_ARENA_MAX", "4");
        assertThat(run().out()).contains("MALLOC_ARENA_MAX=4\n");
    }

    @Test
    void leavesQuotedOptionsToTheJvm() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("right", "25.0.1").toString());
        environment.put("JAVA_TOOL_OPTIONS", "-Da='b c'");

        assertThat(run().out()).contains("announced=[-Da='b c'][]").doesNotContain("<-Da");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xms32m",
                "-XX:InitialRAMPercentage=5",
                "-XX:MinHeapSize=100m",
                "-mx32m",
                "@small",
                "-XX:Flags=small"
            })
    void doesNotSayHowTheHeapBeginsWhereTheMostMayBeLess(String option) throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("right", "25.0.1").toString());
        environment.put("DSTREAM_JAVA_OPTS", option);

        assertThat(run().out()).contains("<-Xmx512m>", "<" + option + ">").doesNotContain("<-Xms256m>");
    }

    @Test
    void keepsItsCollectorAndHeapBackWhereOthersAreChosen() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", home("right", "25.0.1").toString());
        environment.put("DSTREAM_JAVA_OPTS", "-XX:+UseG1GC -XX:MaxRAMPercentage=30");

        assertThat(run().out())
                .contains("<-XX:+UseG1GC>", "<-XX:MaxRAMPercentage=30>")
                .doesNotContain("<-XX:+UseSerialGC>", "<-Xm");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void usesTheArchiveThatAnEarlierStartMadeAndKeepsOthersOut(String shell) throws IOException, InterruptedException {
        Path cache = cacheOfAnInstalledProgram();
        Files.createDirectory(cache);
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(run(shell, stub.toString()).out()).doesNotContain("AOT");
        assertThat(cache.resolve("p-25.0.1.aot")).hasContent("made of what was trained");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
                .isEqualTo("rwxr-xr-x");
        assertThat(run(shell, stub.toString()).out()).contains("<-XX:AOTCache=" + cache.resolve("p-25.0.1.aot") + ">");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void neitherUsesNorMakesAnArchiveBehindALink(String shell) throws IOException, InterruptedException {
        Path cache = cacheOfAnInstalledProgram();
        Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
        Files.createSymbolicLink(cache, elsewhere);

        run(shell, stub.toString());
        assertThat(elsewhere).isEmptyDirectory();

        Files.writeString(elsewhere.resolve("p-25.0.1.aot"), "somebody's");
        assertThat(run(shell, stub.toString()).out()).doesNotContain("AOT");

        Files.delete(cache);
        Files.createDirectory(cache);
        Path link = Files.createSymbolicLink(cache.resolve("p-25.0.1.aot"), elsewhere.resolve("p-25.0.1.aot"));
        assertThat(run(shell, stub.toString()).out()).doesNotContain("AOT");
        assertThat(link).as("replaced").isRegularFile().hasContent("made of what was trained");
        assertThat(elsewhere.resolve("p-25.0.1.aot")).hasContent("somebody's");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmn300m",
                "-Xms2m",
                "-XX:NewSize=200m",
                "-XX:MaxNewSize=9m",
                "-XX:NewRatio=1",
                "@some",
                "-mx32m"
            })
    void hasNoArchiveWhereTheOldGenerationMayBeginTooSmallForIt(String option)
            throws IOException, InterruptedException {
        Path cache = cacheOfAnInstalledProgram();
        run();
        assertThat(cache.resolve("p-25.0.1.aot")).exists();
        assertThat(run().out()).contains("-XX:AOTCache=");
        environment.put("DSTREAM_JAVA_OPTS", option);

        assertThat(run().out()).contains("<" + option + ">").doesNotContain("AOT");
    }

    @Test
    void keepsNoArchiveOfARehearsalThatFailed() throws IOException, InterruptedException {
        Path cache = cacheOfAnInstalledProgram();
        Files.createFile(dir.resolve("rehearsal fails"));

        run();

        assertThat(cache.resolve("p-25.0.1.aot")).doesNotExist();
        assertThat(cache.resolve("p-25.0.1.aot.work")).as("no other try soon").isEmptyDirectory();
    }

    /// Where the program `p`, which does not make its archive in the background, keeps that; not there yet.
    private Path cacheOfAnInstalledProgram() throws IOException {
        environment.put("JAVA_HOME", home("right", "25.0.1").toString());
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("XDG_CACHE_HOME", dir.toString());
        executable(stub, Files.readString(stub).replace("=@program@", "=p").replace("make_archive &", "make_archive"));
        return dir.resolve("dstream-ingester-mssql");
    }

    private static Stream<String> shells() {
        return Stream.of("/bin/sh", "/bin/dash", "/bin/bash").filter(shell -> Files.isExecutable(Path.of(shell)));
    }

    private Path installStub(Path to) throws IOException {
        String script = Files.readString(LAUNCHER).replaceAll("(?m)^( +)(/\\S+ \\\\)$", "$1" + root + "$2");
        return executable(to, script + NOT_TO_BE_PARSED);
    }

    /// A Java home below the test's directory, whose `java` starts its output with `name`.
    private Path home(String name, String version) throws IOException {
        Path home = Files.createDirectories(dir.resolve(name));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/java"), """
                        #!/bin/sh
                        if [ "$1" = -version ]; then
                          read -r line
                          echo 'openjdk version "%s" 2025-10-21' >&2
                          exit 0
                        fi
                        if [ "$1" = -XX:AOTMode=record ]; then
                          for option; do
                            case $option in -XX:AOTConfiguration=*) echo trained >"${option#*=}" ;; esac
                          done
                          [ ! -e '%s' ]
                          exit
                        fi
                        if [ "$1" = -XX:AOTMode=create ]; then
                          for option; do
                            case $option in
                              -XX:AOTConfiguration=*) read -r training <"${option#*=}" ;;
                              -XX:AOTCache=*) echo "made of what was $training" >"${option#*=}" ;;
                            esac
                          done
                          exit 0
                        fi
                        echo '%s'
                        printf '<%%s>\\n' "$@"
                        echo "pid=$$"
                        echo "announced=[$JAVA_TOOL_OPTIONS][$JDK_JAVA_OPTIONS]"
                        echo "MALLOC_ARENA_MAX=$MALLOC_ARENA_MAX"
                        { true 3<&0; } 2>/dev/null || echo 'no stdin'
                        read -r line
                        echo "stdin=$line"
                        exit 7
                        """.formatted(version, dir.resolve("rehearsal fails"), name));
        return home;
    }

    private void onPath(Path home) {
        environment.put("PATH", home.resolve("bin").toString());
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result run() throws IOException, InterruptedException {
        return run(stub.toString());
    }

    private Result run(String... command) throws IOException, InterruptedException {
        Path out = dir.resolve("out.txt");
        Path err = dir.resolve("err.txt");
        Path in = Files.writeString(dir.resolve("in.txt"), "one line\n");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(LIMIT)).as("ended within " + LIMIT).isTrue();
        return new Result(process.pid(), process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private record Result(long pid, int exit, String out, String err) {}
}
