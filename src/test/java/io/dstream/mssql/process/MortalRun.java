package io.dstream.mssql.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.config.ConfigException;
import io.dstream.mssql.config.ConfigReader;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.ingest.Ending;
import io.dstream.mssql.ingest.Ingester;
import io.dstream.mssql.ingest.StopSignal;
import io.dstream.mssql.ingest.StopSignal.Reason;
import io.dstream.mssql.output.StdoutWriter;
import io.dstream.mssql.process.Fate.End;
import io.dstream.mssql.process.Fate.Moment;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// One run of the program inside this process, between a stand-in and an output that see to it that its [Fate]
/// comes.
///
/// A process that is killed may write no more byte and reach the server no more; what either has taken before
/// stays. Here that is an output that fails, and a server that refuses: the program ends by itself, and
/// whatever it still tries meanwhile counts as little as what a dead process would have done.
final class MortalRun {

    /// Permission denied: nothing that would be tried again.
    private static final int REFUSED = 229;

    private static final int DEADLOCK = 1205;

    private static final Fate KILLED_PROCESS = new Fate(End.KILL, Moment.BYTE, 0);

    private final Fate fate;
    private final StopSignal stop = new StopSignal();
    private final Output output = new Output();
    private final AtomicInteger statements = new AtomicInteger();
    private final AtomicInteger saves = new AtomicInteger();
    private final AtomicBoolean failsNext = new AtomicBoolean();
    private volatile boolean fulfilled;

    private MortalRun(Fate fate) {
        this.fate = fate;
    }

    /// What came of a run: the whole lines that its output took, whether its fate came, and whether it ended in
    /// peace, so that what it saved covers what it wrote.
    record Result(List<String> lines, Fate fate, boolean fulfilled, boolean peaceful) {

        /// A failure in the middle of a window may bring the last one or two changes before it once more.
        int mostRepeatsWithoutCrash() {
            return fulfilled && fate.end() == End.FAIL_ONCE ? 2 : 0;
        }
    }

    /// Something that happens while a program runs.
    interface Beside {
        void act() throws Exception;
    }

    /// Runs `config` until it has caught up, or its fate comes.
    static Result untilCaughtUp(TestDatabase database, ObjectNode config, Fate fate) throws Exception {
        return new MortalRun(fate).run(database, config.deepCopy().put("stop_when_caught_up", true));
    }

    /// Runs `config` beside `writing`, and stops it when that is done, unless its fate comes before.
    static Result beside(Beside writing, TestDatabase database, ObjectNode config, Fate fate) throws Exception {
        MortalRun run = new MortalRun(fate);
        try (ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> written = writer.submit(() -> {
                try {
                    writing.act();
                    return true;
                } finally {
                    run.stop.request(Reason.ASKED);
                }
            });
            Result result = run.run(database, config);
            written.get();
            return result;
        }
    }

    /// Runs `config` as a process, which is killed once it has written so many lines, or has caught up.
    static Result ofKilledProcess(ObjectNode config, int lines) throws Exception {
        ObjectNode text = config.deepCopy().put("stop_when_caught_up", true);
        try (IngesterProcess process = IngesterProcess.start(text.toString())) {
            Poll.until(() -> process.stdout().size() >= lines || !process.isAlive(), process::stderr);
            Runs.kill(process);
            return new Result(List.copyOf(process.stdout()), KILLED_PROCESS, true, false);
        }
    }

    private Result run(TestDatabase database, ObjectNode config) throws Exception {
        StdoutWriter stdout = StdoutWriter.start(output, () -> stop.request(Reason.OUTPUT_LOST));
        StatementInterceptor watching = this::intercept;
        boolean peaceful = false;
        boolean stoppedAtStart = false;
        try (Installed _ = Installed.in(database.standIn().orElseThrow(), watching)) {
            Ending ending = new Ingester(
                            new ConfigReader(Map.of())
                                    .read(new ByteArrayInputStream(
                                            config.toString().getBytes(UTF_8)))
                                    .config(),
                            false,
                            stdout,
                            stop)
                    .run(() -> {});
            peaceful = ending == Ending.STOPPED || ending == Ending.CAUGHT_UP;
        } catch (ConfigException e) {
            throw new AssertionError(e.problems().toString(), e);
        } catch (InterruptedException e) {
            stoppedAtStart = stop.isRequested();
        } catch (Failure e) {
            if (!fulfilled) {
                throw e;
            }
            stoppedAtStart = !fate.isCrash();
        } finally {
            stdout.close(Poll.LIMIT);
        }
        boolean crashed = fulfilled && fate.isCrash();
        assertThat(peaceful || crashed || stoppedAtStart)
                .as("it ended by its fate, %s", fate)
                .isTrue();
        return new Result(output.lines(), fate, fulfilled, peaceful && !crashed);
    }

    private boolean intercept(String sql, List<SqlParameter> parameters, Answers answers) throws SqlServerError {
        if (!sql.contains("cdc") || sql.contains(WindowLimit.MARK)) {
            return false; // Somebody else's.
        }
        requireAlive();
        meet(Moment.STATEMENT, statements.incrementAndGet());
        boolean isSave = sql.startsWith("UPDATE cdc_offsets") || sql.startsWith("INSERT INTO cdc_offsets");
        int save = isSave ? saves.incrementAndGet() : 0;
        meet(Moment.SAVE, save);
        requireAlive();
        if (failsNext.getAndSet(false)) {
            throw new SqlServerError(DEADLOCK, "Broken on purpose.");
        }
        meet(Moment.SAVED, save);
        return false;
    }

    private void requireAlive() throws SqlServerError {
        if (fulfilled && fate.end() == End.KILL) {
            throw new SqlServerError(REFUSED, "It is dead.");
        }
    }

    private void meet(Moment moment, int count) {
        if (moment == fate.moment() && count == fate.count()) {
            fulfilled = true;
            if (fate.end() == End.STOP) {
                stop.request(Reason.ASKED);
            }
            failsNext.set(fate.end() == End.FAIL_ONCE);
        }
    }

    /// Takes bytes until it is lost.
    private final class Output extends OutputStream {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            requireReader();
            int room = fate.moment() == Moment.BYTE ? fate.count() - taken.size() : Integer.MAX_VALUE;
            if (room > 0 && length >= room) {
                taken.write(bytes, offset, room);
                meet(Moment.BYTE, taken.size());
                requireReader();
                taken.write(bytes, offset + room, length - room);
            } else {
                taken.write(bytes, offset, length);
            }
        }

        private void requireReader() throws IOException {
            if (fulfilled && fate.isCrash()) {
                throw new IOException("nobody reads");
            }
        }

        /// A line that was cut is none.
        synchronized List<String> lines() {
            String text = taken.toString(UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        }
    }
}
