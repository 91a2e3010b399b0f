package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.ingest.StopSignal.Reason;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class StartUpTest {

    private final StopSignal stop = new StopSignal();
    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicLong now = new AtomicLong();
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Test
    void triesAgainUntilItGoesThrough() throws Failure, InterruptedException {
        StartUp start = new StartUp(Duration.ofSeconds(20), stop, now::get);

        String answer = start.step("connect", () -> {
            if (tries.incrementAndGet() == 1) {
                throw new TransientFailure("connect: refused");
            }
            return "up";
        });

        assertThat(answer).isEqualTo("up");
        assertThat(tries).hasValue(2);
    }

    @Test
    void givesUpInTimeAndSaysWhy() {
        StartUp start = new StartUp(Duration.ofSeconds(20), stop, now::get);

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> start.step("connect", () -> {
                    now.addAndGet(Duration.ofSeconds(20).toNanos());
                    throw new TransientFailure("connect: refused");
                }))
                .withMessageContaining("connect: refused")
                .withMessageContaining("giving up");
    }

    @Test
    void doesNotBeginATryThatWouldEndTooLate() {
        StartUp start = new StartUp(Duration.ofSeconds(20), stop, now::get);

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> start.step("connect", () -> {
                    tries.incrementAndGet();
                    now.addAndGet(Duration.ofSeconds(11).toNanos());
                    throw new TransientFailure("connect: timed out");
                }));
        assertThat(tries).hasValue(1);
    }

    @Test
    void doesNotTryAgainWhatCannotGoThrough() {
        StartUp start = new StartUp(Duration.ofSeconds(20), stop, now::get);

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> start.step("connect", () -> {
                    tries.incrementAndGet();
                    throw new PermanentFailure("login refused");
                }));
        assertThat(tries).hasValue(1);
    }

    @Test
    void endsWhenAskedToStop() {
        StartUp start = new StartUp(Duration.ofSeconds(20), stop, now::get);
        stop.request(Reason.ASKED);

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> start.step("connect", () -> {
                    throw new TransientFailure("connect: refused");
                }));
    }

    @Test
    void interruptsAStepThatTakesAllTheTime() {
        StartUp start = new StartUp(Duration.ofMillis(50), stop, now::get);

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> start.step("find the tables", () -> {
                    try {
                        return new StopSignal().await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                }))
                .withMessageContaining("find the tables: no answer in time");
        assertThatNoException().isThrownBy(interrupted::await);
    }

    @Test
    void endsInTheMiddleOfAStepWhenItsLauncherIsGone() {
        StartUp start = new StartUp(Duration.ofSeconds(20), stop, now::get);

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> start.step("connect", () -> {
                    stop.request(Reason.LAUNCHER_GONE);
                    return new StopSignal().await();
                }));
    }
}
