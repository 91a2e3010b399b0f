package io.dstream.mssql.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The packaged program as a process of its own: `target/dstream-ingester-mssql`, configuration on stdin,
/// lines from stdout and stderr collected as they come. Needs `package` to have run.
public final class IngesterProcess implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(IngesterProcess.class);

    /// A shell starts what it runs in the background with SIGINT ignored, and everything below inherits that.
    private static final List<String> RESET_SIGNALS = List.of("env", "--default-signal=INT");

    /// Not the user's own.
    private static final String CACHE = Path.of("target/cache").toAbsolutePath().toString();

    private static final boolean RESETS_SIGNALS = works(RESET_SIGNALS);

    /// Makes a process group, and becomes what follows.
    private static final List<String> OWN_GROUP = List.of("setsid");

    private static final boolean MAKES_GROUPS = works(OWN_GROUP);

    private final Process process;
    private final List<String> stdout;
    private final List<String> stderr = new CopyOnWriteArrayList<>();
    private final Semaphore mayRead = new Semaphore(0);
    private final List<Thread> readers;
    private volatile boolean readsAll;
    private volatile String cutLine = "";

    private IngesterProcess(Process process, boolean reading, List<String> kept, Consumer<String> taker) {
        this.process = process;
        this.stdout = kept;
        this.readsAll = reading;
        // Not virtual ones: to read a pipe keeps one of the few threads that carry these.
        this.readers = List.of(
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> cutLine = collect(process.getInputStream(), taker, this::awaitLeaveToRead)),
                Thread.ofPlatform().daemon().start(() -> collect(process.getErrorStream(), stderr::add, () -> {})));
    }

    /// True where this machine has it: not every `env` knows that option.
    private static boolean works(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// The file that `package` leaves.
    public static Path executable() {
        return Path.of(System.getProperty("dstream.executable", "target/dstream-ingester-mssql"))
                .toAbsolutePath();
    }

    /// Starts it and gives it `stdin`, which stays open.
    public static IngesterProcess start(String stdin) throws IOException {
        return start(stdin, Map.of(), true);
    }

    /// Starts it with more environment variables. Where `reading` is false nothing reads its stdout before
    /// [#startReading] or [#readLines].
    public static IngesterProcess start(String stdin, Map<String, String> environment, boolean reading)
            throws IOException {
        List<String> lines = new CopyOnWriteArrayList<>();
        return start(stdin, environment, reading, lines, lines::add);
    }

    /// Starts it and gives every line of stdout to `taker` instead of keeping it, one after another; while `taker`
    /// does not return, nothing reads.
    public static IngesterProcess start(String stdin, Map<String, String> environment, Consumer<String> taker)
            throws IOException {
        return start(stdin, environment, true, List.of(), taker);
    }

    /// Starts it as DStream's CLI does, in a process group of its own where that can be made, so that nothing but
    /// [#signalGroup] ends it: `stdin` is all of its input. Every line goes to `taker`.
    public static IngesterProcess startInGroup(String stdin, Consumer<String> taker) throws IOException {
        IngesterProcess started =
                start(MAKES_GROUPS ? OWN_GROUP : List.of(), List.of(), stdin, Map.of(), true, List.of(), taker);
        started.closeStdin();
        return started;
    }

    /// Starts it with arguments, gives it `stdin` and closes that.
    public static IngesterProcess command(List<String> arguments, String stdin) throws IOException {
        List<String> lines = new CopyOnWriteArrayList<>();
        IngesterProcess process = start(List.of(), arguments, stdin, Map.of(), true, lines, lines::add);
        process.closeStdin();
        return process;
    }

    private static IngesterProcess start(
            String stdin, Map<String, String> environment, boolean reading, List<String> kept, Consumer<String> taker)
            throws IOException {
        return start(List.of(), List.of(), stdin, environment, reading, kept, taker);
    }

    private static IngesterProcess start(
            List<String> wrapper,
            List<String> arguments,
            String stdin,
            Map<String, String> environment,
            boolean reading,
            List<String> kept,
            Consumer<String> taker)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper.isEmpty() && RESETS_SIGNALS ? RESET_SIGNALS : wrapper);
        command.add(executable().toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("XDG_CACHE_HOME", CACHE);
        builder.environment().putAll(environment);
        IngesterProcess started = new IngesterProcess(builder.start(), reading, kept, taker);
        OutputStream in = started.process.getOutputStream();
        in.write(stdin.getBytes(UTF_8));
        in.flush();
        return started;
    }

    /// Ends its stdin.
    public void closeStdin() throws IOException {
        process.getOutputStream().close();
    }

    /// Closes our end of its stdout: its next write fails.
    public void closeStdout() throws IOException {
        process.getInputStream().close();
    }

    /// Begins to read stdout, and goes on until its end.
    public void startReading() {
        readsAll = true;
        mayRead.release();
    }

    /// Reads `count` more lines of stdout, and then leaves the pipe alone again: it fills up, but for the few bytes
    /// that came with the last of them.
    public void readLines(int count) {
        mayRead.release(count);
    }

    /// Every whole line so far; none where another takes them.
    public List<String> stdout() {
        return stdout;
    }

    /// What came after the last whole line, once the process has ended: empty unless it was cut short.
    public String cutLine() {
        return cutLine;
    }

    /// Every line so far.
    public List<String> stderr() {
        return stderr;
    }

    /// Its process id.
    public long pid() {
        return process.pid();
    }

    /// True while it runs.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// Sends a signal: `TERM`, `INT`, `KILL`, `STOP`, `CONT`.
    public void signal(String name) throws IOException, InterruptedException {
        kill(name, Long.toString(process.pid()));
    }

    /// As above, to every process of the group that [#startInGroup] made.
    public void signalGroup(String name) throws IOException, InterruptedException {
        kill(name, (MAKES_GROUPS ? "-" : "") + process.pid());
    }

    private static void kill(String name, String target) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-s", name, "--", target).start().waitFor();
    }

    /// Waits until `condition` is true; fails where the process ends before, or after [Poll#LIMIT].
    public void until(Callable<Boolean> condition) throws Exception {
        Poll.until(
                () -> {
                    boolean alive = process.isAlive();
                    if (condition.call()) {
                        return true;
                    }
                    if (!alive) {
                        throw new AssertionError("the program has ended: " + stderr);
                    }
                    return false;
                },
                () -> stderr);
    }

    /// Waits for the process to end and for both streams to be read; its exit code. Fails after `limit`.
    public int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit)) {
            throw new AssertionError("still running after " + limit + "; stderr: " + stderr);
        }
        startReading();
        for (Thread reader : readers) {
            reader.join(Poll.LIMIT);
        }
        return process.exitValue();
    }

    /// SIGKILL, if it still runs.
    @Override
    public void close() {
        process.destroyForcibly();
        startReading();
    }

    private void awaitLeaveToRead() {
        if (!readsAll) {
            mayRead.acquireUninterruptibly();
        }
    }

    /// Gives every whole line to `taker`, each after `turn` has come; answers what is left at the end.
    private static String collect(InputStream stream, Consumer<String> taker, Runnable turn) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] bytes = new byte[8192];
        try (stream) {
            turn.run();
            for (int read = stream.read(bytes); read >= 0; read = stream.read(bytes)) {
                for (int i = 0; i < read; i++) {
                    if (bytes[i] == '\n') {
                        taker.accept(line.toString(UTF_8));
                        line.reset();
                        turn.run();
                    } else {
                        line.write(bytes[i]);
                    }
                }
            }
        } catch (IOException e) {
            log.debug("Our end of the stream was closed, there is nothing more to collect", e);
        }
        return line.toString(UTF_8);
    }
}
