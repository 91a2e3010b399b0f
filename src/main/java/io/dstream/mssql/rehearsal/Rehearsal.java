package io.dstream.mssql.rehearsal;

import io.dstream.mssql.config.ConfigException;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.ingest.Ending;
import io.dstream.mssql.ingest.StopSignal;
import io.dstream.mssql.ingest.StopSignal.Reason;
import io.dstream.mssql.logging.StderrLogging;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the program against the recorded conversation, until the JVM knows which of its methods are hot. Touches
/// nothing but a port of 127.0.0.1.
///
/// Its own main class, for `-XX:AOTMode=record`. Exits with 0 once everything went as recorded, or once the time for it
/// is over: what was learnt until then is worth keeping, and on a machine that slow nobody should try again and again.
/// Else with 1.
public final class Rehearsal {

    /// Enough for the methods that each row goes through. More runs would make hot what comes only at a start, and that
    /// would be compiled first.
    private static final int RUNS = 3;

    private static final Duration FOLLOWING = Duration.ofMillis(700);

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Conversation conversation;

    /// Ends the run of now.
    private volatile StopSignal current = new StopSignal();

    /// The first request that was not in it.
    private final AtomicReference<@Nullable TdsMessage> unknown = new AtomicReference<>();

    Rehearsal(Conversation conversation) {
        this.conversation = conversation;
    }

    /// No arguments.
    public static void main(String[] args) {
        StderrLogging.install(Optional.empty());
        Logger log = LoggerFactory.getLogger(Rehearsal.class);
        Thread.ofPlatform().name("limit").daemon().start(Rehearsal::endInTime);
        try {
            new Rehearsal(Conversation.recorded()).run(RUNS);
            log.info("Rehearsed runs={}", RUNS);
            Runtime.getRuntime().exit(0);
        } catch (IOException | ConfigException | Failure | InterruptedException | RuntimeException | Error e) {
            log.error("Rehearsal failed", e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void endInTime() {
        try {
            Thread.sleep(LIMIT);
            Runtime.getRuntime().exit(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Follows a table without changes for a moment and catches up `runs` times. Throws `IllegalStateException` where
    /// anything went another way than it was recorded.
    void run(int runs) throws IOException, ConfigException, Failure, InterruptedException {
        try (ReplayedServer server = new ReplayedServer(conversation, this::endWithUnknown)) {
            RehearsedRun run = new RehearsedRun(server.port(), "any", "any");
            perform(Ending.STOPPED, stop -> run.follow(FOLLOWING, stop));
            for (int i = 0; i < runs; i++) {
                perform(Ending.CAUGHT_UP, run::catchUp);
            }
        }
    }

    private void endWithUnknown(TdsMessage request) {
        unknown.compareAndSet(null, request);
        current.request(Reason.BROKEN);
    }

    /// A run that ends when it is told to.
    @FunctionalInterface
    private interface Run {
        Ending until(StopSignal stop) throws IOException, ConfigException, Failure, InterruptedException;
    }

    private void perform(Ending expected, Run run) throws IOException, ConfigException, Failure, InterruptedException {
        StopSignal stop = new StopSignal();
        current = stop;
        Ending ending;
        try {
            ending = run.until(stop);
        } catch (Failure | InterruptedException e) {
            requireKnown();
            throw e;
        }
        requireKnown();
        if (ending != expected) {
            throw new IllegalStateException("ended with " + ending + ", not " + expected);
        }
    }

    private void requireKnown() {
        TdsMessage request = unknown.get();
        if (request != null) {
            throw new IllegalStateException(
                    "not in the recorded conversation: type " + request.type() + " " + Conversation.text(request));
        }
    }
}
