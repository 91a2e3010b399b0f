package io.dstream.mssql.ingest;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.config.IngesterConfig.PollingConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BackoffPolicyTest {

    private final BackoffPolicy backoff =
            new BackoffPolicy(new PollingConfig(ofSeconds(5), ofSeconds(15), ofSeconds(1), false));

    private List<Duration> pollsFind(int... changes) {
        return Arrays.stream(changes)
                .mapToObj(found -> found > 0 ? backoff.afterChanges() : backoff.afterNothing())
                .toList();
    }

    @Test
    void waitsLongerWhileQuietAndResetsOnChange() {
        assertThat(pollsFind(0, 0, 3, 0)).containsExactly(ofSeconds(5), ofSeconds(10), ZERO, ofSeconds(5));
    }

    @Test
    void neverWaitsLongerThanTheMaximum() {
        assertThat(pollsFind(0, 0, 0, 0)).endsWith(ofSeconds(15), ofSeconds(15));
    }

    @Test
    void statesTheIntervalOfTheNextWait() {
        assertThat(backoff.interval()).isEqualTo(ofSeconds(5));
        pollsFind(0);
        assertThat(backoff.interval()).isEqualTo(ofSeconds(10));
        pollsFind(1);
        assertThat(backoff.interval()).isEqualTo(ofSeconds(5));
    }
}
