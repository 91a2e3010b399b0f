package io.dstream.mssql.bench;

import io.dstream.mssql.config.DurationText;
import io.dstream.mssql.testing.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/// Many tables that have backed off to `max_poll_interval`: what they cost while nothing changes at all, and while now
/// and then another one of them is changed.
final class IdleTables implements Scenario {

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration SPARE = Duration.ofSeconds(30);
    private static final long SEED = 6;

    /// What was asked and used in `time`.
    private record Cost(Duration time, long statements, Duration cpu) {

        double statementsASecond() {
            return statements / (time.toNanos() / 1e9);
        }

        /// Of one core.
        double cpuPercent() {
            return 100.0 * cpu.toNanos() / time.toNanos();
        }
    }

    @FunctionalInterface
    private interface Stretch {
        void pass() throws Exception;
    }

    @Override
    public String measure(BenchOptions options, Progress progress) throws Exception {
        progress.say("making " + options.tables() + " tables");
        try (LiveDatabase database = LiveDatabase.start(options.tables());
                FollowingProgram program = FollowingProgram.start(database, options)) {
            awaitStart(database, options.tables());
            Duration settling = settling(options);
            progress.say("all are followed; " + settling.toSeconds() + " s until they have backed off");
            Pause.of(settling);
            progress.say("nothing changes for " + options.seconds() + " s");
            Cost quiet = cost(database, program, () -> Pause.of(Duration.ofSeconds(options.seconds())));
            progress.say("asked meanwhile: " + database.asked().counts());
            progress.say("changing " + options.changes() + " tables");
            Cost changing = cost(database, program, () -> change(database, options));
            Poll.until(
                    options.maxPoll().plus(SPARE),
                    () -> database.freshness().count() == options.changes(),
                    () -> database.freshness().count() + " changes of " + options.changes());
            String report =
                    report(options, quiet, changing, database.freshness().milliseconds(), program);
            program.end();
            return report;
        }
    }

    /// Until each was looked at, and a second passed with little more.
    private static void awaitStart(LiveDatabase database, int tables) throws Exception {
        Poll.until(START_LIMIT, () -> database.asked().total() > tables, database.asked()::counts);
        Poll.until(
                START_LIMIT,
                () -> {
                    long before = database.asked().total();
                    Pause.of(Duration.ofSeconds(1));
                    return database.asked().total() - before < 20 + tables / 20;
                },
                database.asked()::counts);
    }

    /// The sum of the waits that double up to the longest.
    private static Duration settling(BenchOptions options) {
        Duration sum = Duration.ZERO;
        for (Duration wait = options.poll(); wait.compareTo(options.maxPoll()) < 0; wait = wait.multipliedBy(2)) {
            sum = sum.plus(wait);
        }
        return sum;
    }

    private static Cost cost(LiveDatabase database, FollowingProgram program, Stretch stretch) throws Exception {
        database.asked().reset();
        Duration cpu = program.process().cpu();
        long began = System.nanoTime();
        stretch.pass();
        return new Cost(
                Duration.ofNanos(System.nanoTime() - began),
                database.asked().total() - database.asked().countContaining("INSERT INTO dbo.bench_"),
                program.process().cpu().minus(cpu));
    }

    /// At random moments, one in two base intervals on average, in tables that were at rest before.
    private static void change(LiveDatabase database, BenchOptions options) throws Exception {
        Random random = new Random(SEED);
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, options.tables()).boxed().toList());
        Collections.shuffle(order, random);
        for (int i = 0; i < options.changes(); i++) {
            database.change(order.get(i % order.size()));
            Pause.of(Duration.ofNanos(random.nextLong(4 * options.poll().toNanos())));
        }
    }

    private static String report(
            BenchOptions options, Cost quiet, Cost changing, Samples milliseconds, FollowingProgram program)
            throws Exception {
        return String.format(
                Locale.ROOT,
                """
                visible in the change table to line on stdout: p50 %.0f ms, p99 %.0f ms, most %.0f ms
                (poll_interval %s, max_poll_interval %s, %d changes, each of another table at rest)

                                            statements/s   CPU %% of one core
                nothing changes for %3.0f s     %12.2f   %17.2f
                a change now and then, %3.0f s  %12.2f   %17.2f

                %,d tables, %s, no lock; peak memory %s MB%s.
                Statements are the batches and calls that reach the server, the stand-in.
                """,
                milliseconds.percentile(50),
                milliseconds.percentile(99),
                milliseconds.most(),
                DurationText.format(options.poll()),
                DurationText.format(options.maxPoll()),
                milliseconds.count(),
                quiet.time().toMillis() / 1e3,
                quiet.statementsASecond(),
                quiet.cpuPercent(),
                changing.time().toMillis() / 1e3,
                changing.statementsASecond(),
                changing.cpuPercent(),
                options.tables(),
                BenchLoad.modeText(options.mode()),
                program.process().peakMegabytes(),
                options.heapText());
    }
}
