package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.OutputLost;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StdoutWriterTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final BlockingOutput pipe = new BlockingOutput();
    private final AtomicInteger losses = new AtomicInteger();

    @Test
    void writesLinesInTheOrderTheyWereHandedOver() throws InterruptedException, OutputLost {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StdoutWriter writer = StdoutWriter.start(out, losses::incrementAndGet);
        LineSink sink = writer.guardedBy(() -> true, "dbo.a");

        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            sink.submit(line("line " + i));
            expected.append("line ").append(i).append('\n');
        }
        assertThat(writer.close(LONG)).isTrue();

        assertThat(out.toString(UTF_8)).isEqualTo(expected.toString());
        assertThat(losses).hasValue(0);
    }

    @Test
    void handsOverWithoutWaitingForAFullPipe() throws Failure, InterruptedException {
        StdoutWriter writer = StdoutWriter.start(pipe, losses::incrementAndGet);
        Line first = writer.guardedBy(() -> true, "dbo.a").submit(line("1"));
        Line second = writer.guardedBy(() -> true, "dbo.b").submit(line("2"));

        assertThat(first.isDone()).isFalse();
        assertThat(second.isWritten()).isFalse();

        pipe.open();
        second.awaitWritten();
        assertThat(first.isWritten()).isTrue();
        assertThat(pipe.written()).isEqualTo("1\n2\n");
    }

    @Test
    void letsAWaitForAFullPipeBeInterrupted() throws InterruptedException, OutputLost {
        StdoutWriter writer = StdoutWriter.start(pipe, losses::incrementAndGet);
        Line line = writer.guardedBy(() -> true, "dbo.a").submit(line("1"));
        CountDownLatch interrupted = new CountDownLatch(1);

        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                line.awaitWritten();
            } catch (InterruptedException e) {
                interrupted.countDown();
            } catch (Failure e) {
                throw new AssertionError(e);
            }
        });
        waiting.interrupt();

        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        pipe.open();
    }

    @Test
    void asksTheGateWhenTheLinesTurnComesAndWritesNothingOnceItIsClosed() throws Failure, InterruptedException {
        StdoutWriter writer = StdoutWriter.start(pipe, losses::incrementAndGet);
        AtomicBoolean held = new AtomicBoolean(true);
        Line first = writer.guardedBy(() -> true, "dbo.a").submit(line("1"));
        Line guarded = writer.guardedBy(held::get, "dbo.b").submit(line("2"));
        Line last = writer.guardedBy(() -> true, "dbo.a").submit(line("3"));

        held.set(false);
        pipe.open();
        last.awaitWritten();

        assertThatExceptionOfType(LeaseLost.class)
                .isThrownBy(guarded::awaitWritten)
                .withMessageContaining("dbo.b");
        assertThat(guarded.isDone()).isTrue();
        assertThat(guarded.isWritten()).isFalse();
        assertThat(first.isWritten()).isTrue();
        assertThat(pipe.written()).isEqualTo("1\n3\n");
    }

    @Test
    void losesThatLineAndEveryLaterOneWhereTheStreamFails() throws Failure, InterruptedException {
        StdoutWriter writer = StdoutWriter.start(new FailingOutput(3), losses::incrementAndGet);
        LineSink sink = writer.guardedBy(() -> true, "dbo.a");

        Line whole = sink.submit(line("1"));
        whole.awaitWritten();
        Line broken = sink.submit(line("2"));

        assertThatExceptionOfType(OutputLost.class)
                .isThrownBy(broken::awaitWritten)
                .withMessageContaining("Broken pipe");
        assertThatExceptionOfType(OutputLost.class).isThrownBy(() -> sink.submit(line("3")));
        assertThat(writer.isLost()).isTrue();
        assertThat(writer.close(LONG)).isFalse();
        assertThat(losses).hasValue(1);
    }

    @Test
    void failsPendingLinesWhenThePipeStaysFullPastTheGrace() throws InterruptedException, OutputLost {
        StdoutWriter writer = StdoutWriter.start(pipe, losses::incrementAndGet);
        LineSink sink = writer.guardedBy(() -> true, "dbo.a");
        sink.submit(line("1"));
        pipe.awaitWriter();
        List<Line> later = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            later.add(sink.submit(line("later")));
        }

        assertThat(writer.close(Duration.ofMillis(20))).isFalse();

        for (Line line : later) {
            assertThatExceptionOfType(OutputLost.class).isThrownBy(line::awaitWritten);
        }
        pipe.open();
    }

    @Test
    void takesNothingAfterItWasClosed() throws InterruptedException {
        StdoutWriter writer = StdoutWriter.start(pipe, losses::incrementAndGet);
        pipe.open();

        assertThat(writer.close(LONG)).isTrue();
        assertThat(writer.close(LONG)).isTrue();

        assertThatExceptionOfType(OutputLost.class).isThrownBy(() -> writer.writeLine("{}"));
    }

    @Test
    void writesAStatusLineAtOnce() throws Failure, InterruptedException {
        StdoutWriter writer = StdoutWriter.start(pipe, losses::incrementAndGet);
        pipe.open();

        writer.writeLine("{\"status\":\"ready\"}");

        assertThat(pipe.written()).isEqualTo("{\"status\":\"ready\"}\n");
    }

    private static JsonBuffer line(String text) {
        JsonBuffer bytes = new JsonBuffer(16);
        bytes.writeAscii(text);
        bytes.writeByte('\n');
        return bytes;
    }
}
