package io.dstream.mssql;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.ingest.StopSignal;
import io.dstream.mssql.ingest.StopSignal.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LauncherWatchTest {

    private static final Duration OFTEN = Duration.ofMillis(2);
    private static final Duration SEVERAL_LOOKS = Duration.ofMillis(60);
    private static final ProcessHandle ADOPTER = ProcessHandle.current();

    private final StopSignal stop = new StopSignal();
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void stopsOnceAnotherProcessIsTheParent() throws IOException, InterruptedException {
        Process launcher = new ProcessBuilder("sleep", "60").start();
        try {
            watch(launcher.toHandle(), Optional.of(ADOPTER));

            assertThat(stop.await()).isEqualTo(Reason.LAUNCHER_GONE);
        } finally {
            launcher.destroyForcibly();
        }
    }

    @Test
    void aParentThatIsNotToBeSeenNowTellsNothing() throws InterruptedException {
        watch(ADOPTER, Optional.empty());

        assertThat(stop.await(SEVERAL_LOOKS)).isEmpty();
        assertThat(looks).hasValueGreaterThan(1);
    }

    @Test
    void goesOnWhileTheParentLives() throws InterruptedException {
        watch(ADOPTER, Optional.of(ADOPTER));

        assertThat(stop.await(SEVERAL_LOOKS)).isEmpty();
        assertThat(looks).hasValueGreaterThan(1);
    }

    @Test
    void aParentThatIsTheFirstProcessTellsNothing() throws InterruptedException {
        watch(ProcessHandle.of(1).orElseThrow(), Optional.of(ADOPTER));

        assertThat(stop.await(SEVERAL_LOOKS)).isEmpty();
        assertThat(looks).hasValue(1);
    }

    /// Whose parent is `first` at the first look and `later` at the next ones.
    private void watch(ProcessHandle first, Optional<ProcessHandle> later) {
        new LauncherWatch(() -> looks.getAndIncrement() == 0 ? Optional.of(first) : later, OFTEN).stopWhenGone(stop);
    }
}
