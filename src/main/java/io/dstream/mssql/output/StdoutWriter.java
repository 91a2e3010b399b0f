package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.OutputLost;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// The only user of stdout: one thread that writes whole lines in the order they were handed over. Thread-safe.
///
/// A thread of its own, since a write to a full pipe cannot be interrupted: whoever waits for a line can be. A
/// raw stream on the descriptor, since `PrintStream` swallows errors and an interrupt closes a channel. Lines are
/// cut only where the pipe breaks or the process dies.
public final class StdoutWriter {

    private static final int MOST_PENDING = 256;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final OutputStream out;
    private final Runnable onLost;
    private final BlockingQueue<Line> pending = new ArrayBlockingQueue<>(MOST_PENDING);
    private final Thread thread;

    /// Comes after the last line.
    private final Line end = new Line(new JsonBuffer(0), () -> false, "the end");

    /// Why no more lines are taken, once that is so.
    private volatile Optional<OutputLost> ended = Optional.empty();

    /// True once the thread looks at no more lines: whoever adds one later must see to it.
    private volatile boolean finished;

    private volatile boolean lost;

    private StdoutWriter(OutputStream out, Runnable onLost) {
        this.out = out;
        this.onLost = onLost;
        this.thread = Thread.ofPlatform().name("stdout").daemon().unstarted(this::writeLines);
    }

    /// Starts writing to the process's stdout. `onLost` runs once, on the writing thread, when stdout is gone: it
    /// must start the end of everything and not wait for it.
    public static StdoutWriter start(Runnable onLost) {
        return start(new FileOutputStream(FileDescriptor.out), onLost);
    }

    /// As above, to another stream.
    public static StdoutWriter start(OutputStream out, Runnable onLost) {
        StdoutWriter writer = new StdoutWriter(out, onLost);
        writer.thread.start();
        return writer;
    }

    /// A sink whose lines are written only while `gate` is true, asked before the first byte of each: a table's
    /// lease. `owner` names the table in errors.
    public LineSink guardedBy(BooleanSupplier gate, String owner) {
        return bytes -> submit(new Line(bytes, gate, owner));
    }

    /// Writes one line of text, to which it adds the newline, and waits until it is written.
    public void writeLine(String json) throws Failure, InterruptedException {
        JsonBuffer bytes = new JsonBuffer(json.length() + 1);
        bytes.writeRaw(json.getBytes(UTF_8));
        bytes.writeByte('\n');
        submit(new Line(bytes, () -> true, "the process")).awaitWritten();
    }

    /// True once stdout has refused a write.
    public boolean isLost() {
        return lost;
    }

    /// Takes no more lines and gives the pending ones `grace` to get out. True if all of them did; otherwise
    /// those not begun fail, and the one being written stays pending until the process ends.
    public boolean close(Duration grace) throws InterruptedException {
        if (ended.isEmpty()) {
            ended = Optional.of(new OutputLost("write to stdout: it was closed by this process"));
        }
        long deadline = System.nanoTime() + grace.toNanos();
        pending.offer(end, grace.toNanos(), TimeUnit.NANOSECONDS);
        boolean inTime = thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        if (!inTime) {
            finish();
        }
        return inTime && !lost;
    }

    private Line submit(Line line) throws OutputLost, InterruptedException {
        do {
            refuseWhenEnded();
        } while (!pending.offer(line, LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS));
        if (finished) {
            failPending();
        }
        return line;
    }

    private void refuseWhenEnded() throws OutputLost {
        if (ended.isPresent()) {
            OutputLost why = ended.get();
            throw new OutputLost(why.getMessage(), why);
        }
    }

    private void writeLines() {
        while (!finished) {
            Line line = next();
            if (line == end) {
                break;
            }
            write(line);
        }
        finish();
    }

    private Line next() {
        while (true) {
            try {
                return pending.take();
            } catch (InterruptedException e) {
                // Nobody interrupts this thread, it is asked to end by a last line.
            }
        }
    }

    private void write(Line line) {
        try {
            if (line.mayBeWritten()) {
                line.bytes().writeTo(out);
                out.flush();
                line.written();
            }
        } catch (IOException | RuntimeException | Error e) {
            lose(line, e);
        }
    }

    private void lose(Line line, Throwable why) {
        OutputLost failure = new OutputLost("write to stdout: " + why.getMessage(), why);
        ended = Optional.of(failure);
        lost = true;
        line.failed(failure);
        finish();
        onLost.run();
    }

    private void finish() {
        finished = true;
        failPending();
    }

    private void failPending() {
        List<Line> abandoned = new ArrayList<>();
        pending.drainTo(abandoned);
        for (Line line : abandoned) {
            line.failed(ended.orElseGet(() -> new OutputLost("write to stdout: the writer has ended")));
        }
    }
}
