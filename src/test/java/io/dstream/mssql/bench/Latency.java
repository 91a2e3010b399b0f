package io.dstream.mssql.bench;

import io.dstream.mssql.config.DurationText;
import io.dstream.mssql.testing.Poll;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;

/// One table that changes all the time, a row a transaction at random moments.
final class Latency implements Scenario {

    /// On average.
    private static final Duration GAP = Duration.ofMillis(20);

    /// At most, and no longer than the measurement itself.
    private static final int WARM_UP_SECONDS = 5;
    private static final long SEED = 6;

    @Override
    public String measure(BenchOptions options, Progress progress) throws Exception {
        try (LiveDatabase database = LiveDatabase.start(1);
                FollowingProgram program = FollowingProgram.start(database, options)) {
            progress.say("warming up");
            change(database, warmUp(options));
            database.freshness().forget();
            progress.say("changing a table for " + options.seconds() + " s");
            Duration cpuBefore = program.process().cpu();
            change(database, Duration.ofSeconds(options.seconds()));
            double cpu = 100.0
                    * program.process().cpu().minus(cpuBefore).toMillis()
                    / Duration.ofSeconds(options.seconds()).toMillis();
            String report = report(options, database.freshness().milliseconds(), cpu, program);
            program.end();
            return report;
        }
    }

    private static Duration warmUp(BenchOptions options) {
        return Duration.ofSeconds(Math.min(WARM_UP_SECONDS, options.seconds()));
    }

    /// Returns once all have arrived.
    private static void change(LiveDatabase database, Duration time) throws Exception {
        Random random = new Random(SEED);
        long end = System.nanoTime() + time.toNanos();
        int[] changes = {0};
        while (System.nanoTime() < end) {
            database.change(0);
            changes[0]++;
            Pause.of(Duration.ofNanos(random.nextLong(2 * GAP.toNanos())));
        }
        Poll.until(
                () -> database.freshness().count() == changes[0],
                () -> database.freshness().count() + " changes of " + changes[0]);
    }

    private static String report(BenchOptions options, Samples milliseconds, double cpu, FollowingProgram program)
            throws Exception {
        return String.format(
                Locale.ROOT,
                """
                visible in the change table to line on stdout: p50 %.1f ms, p99 %.1f ms, most %.1f ms

                %,d changes of one table in %d s, a row a transaction at random moments; poll_interval %s, %s,
                after %d s of the same to warm up. CPU %.1f %% of one core, peak memory %s MB%s.
                Change tables become visible by the stand-in's capture job; a SQL Server's is seconds behind the commit.
                """,
                milliseconds.percentile(50),
                milliseconds.percentile(99),
                milliseconds.most(),
                milliseconds.count(),
                options.seconds(),
                DurationText.format(options.poll()),
                BenchLoad.modeText(options.mode()),
                warmUp(options).toSeconds(),
                cpu,
                program.process().peakMegabytes(),
                options.heapText());
    }
}
