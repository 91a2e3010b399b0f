package io.dstream.mssql.output;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.TransientFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// One line, or a few, on their way out together: pending, then either written or failed, for ever.
/// Thread-safe.
public final class Line {

    private final JsonBuffer bytes;
    private final BooleanSupplier gate;
    private final String owner;
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile Optional<Failure> failure = Optional.empty();

    /// `gate` is asked before the first byte; a line it refuses has lost its lease. `owner` names the table in
    /// errors.
    public Line(JsonBuffer bytes, BooleanSupplier gate, String owner) {
        this.bytes = bytes;
        this.gate = gate;
        this.owner = owner;
    }

    /// What to write.
    public JsonBuffer bytes() {
        return bytes;
    }

    /// True once it was written or has failed; then its buffer is free.
    public boolean isDone() {
        return done.getCount() == 0;
    }

    /// True once the operating system has taken all of it.
    public boolean isWritten() {
        return isDone() && failure.isEmpty();
    }

    /// True once it was written or has failed, now or within `patience`.
    public boolean awaitDone(Duration patience) throws InterruptedException {
        return isDone() || done.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Waits until it is done. Throws `LeaseLost` where the gate refused it, `OutputLost` where stdout did.
    public void awaitWritten() throws Failure, InterruptedException {
        done.await();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /// Takes the line back, unless its writing has begun. True where not a byte of it will go out.
    boolean withdraw() {
        if (!claimed.compareAndSet(false, true)) {
            return isDone() && failure.isPresent();
        }
        failed(new TransientFailure("write changes of " + owner + ": the line was taken back"));
        return true;
    }

    /// Asks the gate; false makes the line fail. False for a line that was taken back.
    boolean mayBeWritten() {
        if (!claimed.compareAndSet(false, true)) {
            return false;
        }
        if (gate.getAsBoolean()) {
            return true;
        }
        failed(new LeaseLost("write changes of " + owner + ": the lease is not held any more, nothing was written"));
        return false;
    }

    /// For sinks: all of it was written. Nothing that comes later changes the answer.
    public void written() {
        done.countDown();
    }

    /// For sinks: it was not written, or not all of it. Called by one thread, before any call of [#written].
    public void failed(Failure why) {
        failure = Optional.of(why);
        done.countDown();
    }
}
