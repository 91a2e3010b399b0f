package io.dstream.mssql.testing;

import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Randomness that can be had again: the seed is printed, and `-Dtest.seed=N` gives it back.
public final class Seed {

    private static final Logger log = LoggerFactory.getLogger(Seed.class);

    private Seed() {}

    /// A random generator whose seed was printed for `test`.
    public static Random random(Class<?> test) {
        return new Random(of(test));
    }

    /// A seed that was printed for `test`.
    public static long of(Class<?> test) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        log.info("Random test, run it again with -Dtest.seed test={} seed={}", test.getSimpleName(), seed);
        return seed;
    }
}
