package io.dstream.mssql;

import io.dstream.mssql.ingest.StopSignal;
import io.dstream.mssql.ingest.StopSignal.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices that the process that launched this one is gone. An idle provider writes nothing, so it would not find out
/// that its pipe is closed, and would keep its leases for nobody.
///
/// Who is left behind gets another parent. Parents are compared as processes, by id and start time, since ids are used
/// again. A parent that is process 1 at the first look tells nothing: it may be the launcher, in a container whose
/// processes all end with it, or it adopted us already. Then the first line we write finds the pipe closed.
final class LauncherWatch {

    private static final Logger log = LoggerFactory.getLogger(LauncherWatch.class);

    private static final long FIRST_PROCESS = 1;

    private final Supplier<Optional<ProcessHandle>> parent;
    private final Duration lookEvery;
    private final Optional<ProcessHandle> launcher;

    /// Looks for the first time; the sooner the better.
    static LauncherWatch ofThisProcess() {
        return new LauncherWatch(ProcessHandle.current()::parent, Duration.ofSeconds(1));
    }

    /// `parent` answers the parent of now, empty where it is not to be seen.
    LauncherWatch(Supplier<Optional<ProcessHandle>> parent, Duration lookEvery) {
        this.parent = parent;
        this.lookEvery = lookEvery;
        this.launcher = parent.get().filter(first -> first.pid() != FIRST_PROCESS);
    }

    /// From now on `stop` is requested once the launcher is gone.
    void stopWhenGone(StopSignal stop) {
        launcher.ifPresent(first -> Thread.ofVirtual().name("launcher-watch").start(() -> watch(first, stop)));
    }

    /// A parent that is not to be seen now says nothing: a look takes a file descriptor, and there may be none.
    private boolean isGone(ProcessHandle first) {
        return parent.get().filter(now -> !now.equals(first)).isPresent();
    }

    private void watch(ProcessHandle first, StopSignal stop) {
        try {
            while (stop.await(lookEvery).isEmpty()) {
                if (isGone(first)) {
                    log.error("The process that launched this one is gone, everything stops pid={}", first.pid());
                    stop.request(Reason.LAUNCHER_GONE);
                }
            }
        } catch (InterruptedException e) {
            // Interruption is shutdown, and this is where the thread ends.
            Thread.currentThread().interrupt();
        }
    }
}
