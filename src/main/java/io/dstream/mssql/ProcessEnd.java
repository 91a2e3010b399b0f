package io.dstream.mssql;

import io.dstream.mssql.ingest.StopSignal;
import io.dstream.mssql.ingest.StopSignal.Reason;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends the process with the right code, whoever wants it to end: SIGTERM and SIGINT mean 0, in less than 5 s, whatever
/// is going on.
final class ProcessEnd {

    /// After a signal; what has not ended by then is left where it stands. Nothing is saved that was not written.
    private static final Duration LONGEST_STOP = Duration.ofMillis(4200);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final StopSignal stop;
    private volatile boolean running;
    private volatile ExitStatus status = ExitStatus.OK;

    private ProcessEnd(StopSignal stop) {
        this.stop = stop;
    }

    /// From now on a signal requests `stop`, waits for [#exit] and ends the process.
    static ProcessEnd onSignal(StopSignal stop) {
        ProcessEnd end = new ProcessEnd(stop);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(end::stopAndHalt));
        return end;
    }

    /// Before this a signal ends the process at once: nothing was read or written, and neither stdin nor a server that
    /// is
    /// being connected to may ever say anything.
    void waitForRun() {
        running = true;
    }

    /// From now on a signal leaves something half done, which is no success.
    void failWhenStopped() {
        status = ExitStatus.FAILED;
    }

    /// Ends the process with `status`. Does not return.
    void exit(ExitStatus status) {
        this.status = status;
        ended.countDown();
        Runtime.getRuntime().exit(status.code());
    }

    /// The shutdown hook, for signals and for [#exit] alike. `halt`, because the virtual machine would end with 143
    /// after a SIGTERM.
    private void stopAndHalt() {
        stop.request(Reason.ASKED);
        try {
            if (running) {
                boolean inTime = ended.await(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS);
                Runtime.getRuntime().halt(inTime ? status.code() : ExitStatus.OK.code());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(status.code());
    }
}
