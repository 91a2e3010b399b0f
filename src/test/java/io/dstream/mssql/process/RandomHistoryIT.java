package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dstream.mssql.process.RandomRound.Tally;
import io.dstream.mssql.testing.Seed;
import io.dstream.mssql.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Random histories: writers over several tables with key updates, rollbacks, transactions of all sizes and a
/// new column, while the program is stopped, killed and started again at random points, with random windows and
/// lines. Whatever happens, the replayed lines give the source, and every change arrives in order, at least
/// once, with repeats only after the last checkpoint.
///
/// `-Drounds=5000` runs as many; `-Dtest.seed=N -Drounds=1` is the one round whose seed a failure names.
final class RandomHistoryIT {

    private static final Logger log = LoggerFactory.getLogger(RandomHistoryIT.class);

    private static final int ROUNDS = Integer.getInteger("rounds", 20);
    private static final int MOST_FAILURES = 10;

    @Test
    void whateverHappensEveryChangeArrivesInOrder() {
        assumeTrue(TestServer.shared().standIn().isPresent(), "only the stand-in can kill in-process runs");
        long first = Seed.of(RandomHistoryIT.class);
        List<String> failures = new ArrayList<>();
        Tally done = Tally.NONE;
        for (int round = 0; round < ROUNDS && failures.size() < MOST_FAILURES; round++) {
            long seed = first + round;
            try (RandomRound history = new RandomRound(seed)) {
                runOne(history, seed, failures);
                done = done.plus(history.tally());
            } catch (Exception e) {
                log.error("Round could not be set up seed={}", seed, e);
                failures.add("-Dtest.seed=" + seed + ": " + e);
            }
            if ((round + 1) % 100 == 0) {
                log.info("Rounds so far failures={} {}", failures.size(), done);
            }
        }
        log.info("Rounds done failures={} {}", failures.size(), done);
        assertThat(failures).isEmpty();
    }

    private static void runOne(RandomRound history, long seed, List<String> failures) {
        try {
            history.run();
        } catch (Exception | AssertionError e) {
            log.error("Round failed seed={} settings={}", seed, history.settings(), e);
            failures.add("-Dtest.seed=" + seed + " -Drounds=1, " + history.settings() + ": " + e);
        }
    }
}
