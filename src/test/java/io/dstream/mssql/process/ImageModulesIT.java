package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The modules of the Java in the image: enough for the program. No image is built.
final class ImageModulesIT {

    /// A login in a browser window, and bean introspection: libraries name them, this program does not come there.
    private static final Set<String> OF_A_DESKTOP = Set.of("java.desktop", "jdk.httpserver");

    /// Jackson names classes of these to refuse them, or to have a serializer for them where they are.
    private static final Set<String> NAMED_BY_JACKSON_ONLY = Set.of("java.desktop", "java.rmi", "java.sql.rowset");

    private static final Pattern CLASS_NAME = Pattern.compile("((?:[a-z]\\w*\\.)+)[A-Z][\\w$]*");
    private static final Pattern KEEP_ALIVE = Pattern.compile("timer:\\(keepalive,([^,]+),");

    @TempDir
    Path directory;

    /// Of the image.
    private static List<String> modules() throws IOException {
        Matcher list = Pattern.compile("--add-modules (\\S+)").matcher(Files.readString(Path.of("Dockerfile")));
        assertThat(list.find()).isTrue();
        return List.of(list.group(1).split(","));
    }

    @Test
    void everyModuleThatTheJarNamesIsThere() throws IOException {
        Set<String> needed = new TreeSet<>(jdeps());
        needed.removeAll(OF_A_DESKTOP);

        assertThat(needed).contains("java.base", "java.sql", "java.net.http");
        assertThat(modules())
                .isSorted()
                .containsAll(needed)
                // Looked up by the JDK itself: collations, DNS of Kerberos, keys and Kerberos in native libraries.
                .contains("jdk.charsets", "jdk.crypto.ec", "jdk.naming.dns", "jdk.security.jgss");
    }

    private Set<String> jdeps() throws IOException {
        // It reads no other endings than `.jar`.
        Path jar = Files.copy(IngesterProcess.executable(), directory.resolve("ingester.jar"));
        StringWriter out = new StringWriter();
        int exit = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "--ignore-missing-deps",
                        "--multi-release",
                        "25",
                        "--print-module-deps",
                        jar.toString());
        assertThat(exit).as(out.toString()).isZero();
        return Set.of(out.toString().strip().split(","));
    }

    /// What is looked up with `Class.forName` is a string to jdeps.
    @Test
    void everyModuleWhoseClassesAreLookedUpByNameIsThere() throws IOException {
        Map<String, Set<String>> lookedUp = classesInStrings();

        assertThat(lookedUp).containsKeys("jdk.net", "jdk.security.auth");
        lookedUp.keySet().removeAll(modules());
        lookedUp.keySet().removeAll(NAMED_BY_JACKSON_ONLY);
        assertThat(lookedUp).as("by module: class, and who names it").isEmpty();
    }

    /// By module of the JDK: its classes whose names are strings of the jar's classes.
    private static Map<String, Set<String>> classesInStrings() throws IOException {
        Map<String, String> modules = modulesByPackage();
        Map<String, Set<String>> found = new TreeMap<>();
        try (JarFile jar = new JarFile(IngesterProcess.executable().toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (!entry.getName().endsWith(".class")) {
                    continue;
                }
                for (String string : strings(jar, entry)) {
                    Matcher name = CLASS_NAME.matcher(string.replace('/', '.'));
                    String module = name.matches() ? modules.get(name.group(1)) : null;
                    if (module != null) {
                        found.computeIfAbsent(module, _ -> new TreeSet<>()).add(string + " in " + entry.getName());
                    }
                }
            }
        }
        return found;
    }

    /// Every package of the JDK, with a dot at its end.
    private static Map<String, String> modulesByPackage() {
        Map<String, String> modules = new HashMap<>();
        for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
            for (String name : module.descriptor().packages()) {
                modules.put(name + ".", module.descriptor().name());
            }
        }
        return modules;
    }

    private static List<String> strings(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            Stream.Builder<String> strings = Stream.builder();
            ClassFile.of().parse(in.readAllBytes()).constantPool().forEach(constant -> {
                if (constant instanceof StringEntry string) {
                    strings.add(string.stringValue());
                }
            });
            return strings.build().toList();
        }
    }

    /// The driver asks for the first probe after 30 s; where it cannot, the system's own first probe is after two
    /// hours.
    @Test
    void aDeadServerIsNoticedSoon() throws Exception {
        assumeThat(Path.of("/usr/bin/ss")).as("shows the timers of sockets").isExecutable();
        try (TestDatabase database = TestDatabase.create()) {
            database.run("CREATE TABLE dbo.orders (id int NOT NULL PRIMARY KEY)");
            database.capture("dbo", "orders");
            Map<String, String> environment = Map.of(
                    "DSTREAM_CACHE", "off", "DSTREAM_JAVA_OPTS", "--limit-modules " + String.join(",", modules()));
            String stdin = "{\"command\":\"run\",\"config\":" + Configs.of(database, "dbo.orders") + "}";
            try (IngesterProcess process = IngesterProcess.start(stdin, environment, true)) {
                process.until(() -> !process.stdout().isEmpty());
                assertThat(process.stdout()).containsExactly("{\"status\":\"ready\"}");
                process.until(() -> !keepAliveTimers(process.pid()).isEmpty());

                assertThat(keepAliveTimers(process.pid())).allMatch(left -> left.matches("\\d+(\\.\\d+)?m?sec|\\d+ms"));
                Runs.stop(process, "TERM");
            }
        }
    }

    /// How long until the next probe of each idle connection of the process: `27sec`, `119min`.
    private List<String> keepAliveTimers(long pid) throws IOException, InterruptedException {
        Path out = directory.resolve("sockets.txt");
        Process ss = new ProcessBuilder("/usr/bin/ss", "--tcp", "--numeric", "--options", "--processes")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(ss.waitFor(Poll.LIMIT)).isTrue();
        return Files.readAllLines(out).stream()
                .filter(line -> line.contains("pid=" + pid + ","))
                .flatMap(line -> KEEP_ALIVE.matcher(line).results())
                .map(found -> found.group(1))
                .toList();
    }
}
