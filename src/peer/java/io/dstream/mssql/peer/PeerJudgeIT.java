package io.dstream.mssql.peer;

import io.dstream.mssql.testing.Seed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Debezium and the program read the same random history, and must tell the same of it: for every table the
/// same operations with the same commit LSNs, seqvals and values, in the same order. [Difference] has the
/// exceptions.
///
/// `-Dtransactions=10000` makes so many, `-Dtest.seed=N` makes those of a failure again.
final class PeerJudgeIT {

    private static final Logger log = LoggerFactory.getLogger(PeerJudgeIT.class);

    private static final long TRANSACTIONS = Long.getLong("transactions", 600);

    @ParameterizedTest
    @EnumSource
    void bothTellTheSame(QueryMode mode) throws Exception {
        long seed = Seed.of(PeerJudgeIT.class);
        try (JudgedHistory history = new JudgedHistory(seed, mode)) {
            history.write(TRANSACTIONS);
            log.info(
                    "Both told the same mode={} seed={} transactions={} {}", mode, seed, TRANSACTIONS, history.judge());
        }
    }
}
