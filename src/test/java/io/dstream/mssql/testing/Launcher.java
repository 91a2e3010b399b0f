package io.dstream.mssql.testing;

import java.util.Arrays;

/// Processes under the program's launcher: the program itself, or a main class of the test tree that gets the same
/// Java and the same options. For those that `src/test/launcher/run-main.sh` started.
public final class Launcher {

    /// What the launcher puts before the arguments it was given: two options and its own path.
    private static final int LAUNCHER_ARGUMENTS = 3;

    /// What the user set `DSTREAM_JAVA_OPTS` to.
    private static final String PROGRAM_OPTIONS = "PROGRAM_JAVA_OPTS";

    /// What `src/test/launcher/run-main.sh` leaves there.
    private static final String PROFILE_CLASSPATH = "PROFILE_CLASSPATH";

    private Launcher() {}

    /// What the user gave, of what `main` was given.
    public static String[] arguments(String... given) {
        return Arrays.copyOfRange(given, LAUNCHER_ARGUMENTS, given.length);
    }

    /// The program, with `jvmOptions` after those the user set.
    public static ProcessBuilder program(String jvmOptions) {
        String users = System.getenv().getOrDefault(PROGRAM_OPTIONS, "");
        ProcessBuilder builder = launcher(users + " " + jvmOptions);
        builder.environment().remove("CLASSPATH");
        return builder;
    }

    /// Another main class in the program's place, on the class path of this process. The user's options are not for it.
    public static ProcessBuilder mainClass(Class<?> main, String jvmOptions) {
        return launcher(jvmOptions + " " + main.getName());
    }

    /// The main class of that name, on the class path of the build profile that `run-main.sh` was told.
    public static ProcessBuilder peer(String main) {
        ProcessBuilder builder = launcher(main);
        builder.environment().put("CLASSPATH", System.getenv().getOrDefault(PROFILE_CLASSPATH, ""));
        return builder;
    }

    private static ProcessBuilder launcher(String jvmOptions) {
        ProcessBuilder builder = new ProcessBuilder(IngesterProcess.executable().toString());
        builder.environment().put("DSTREAM_JAVA_OPTS", jvmOptions);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }
}
