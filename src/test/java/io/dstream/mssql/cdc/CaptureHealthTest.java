package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.CaptureHealth.JobState;
import java.time.LocalDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaptureHealthTest {

    private static CaptureHealth health(JobState job, Optional<Boolean> agentRuns) {
        return new CaptureHealth(
                Optional.empty(),
                Optional.empty(),
                LocalDateTime.MIN,
                job,
                agentRuns,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void aJobThatWasLeftRunningByAnAgentThatIsStoppedIsStopped() {
        assertThat(health(JobState.RUNNING, Optional.of(false)).captureJob()).isEqualTo(JobState.STOPPED);
        assertThat(health(JobState.RUNNING, Optional.empty()).captureJob()).isEqualTo(JobState.RUNNING);
        assertThat(health(JobState.MISSING, Optional.of(false)).captureJob()).isEqualTo(JobState.MISSING);
    }

    @Test
    void theAgentRunsOrIsStopped() {
        assertThat(CaptureHealth.agentRuns(4)).contains(true);
        assertThat(CaptureHealth.agentRuns(1)).contains(false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 5, 6, 7})
    void anAgentBetweenTheTwoIsUnknown(int status) {
        assertThat(CaptureHealth.agentRuns(status)).isEmpty();
    }
}
