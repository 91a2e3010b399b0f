package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/// A pipe that nobody reads until it is opened.
final class BlockingOutput extends OutputStream {

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch writing = new CountDownLatch(1);

    void open() {
        opened.countDown();
    }

    /// Returns once somebody is blocked in a write.
    void awaitWriter() throws InterruptedException {
        writing.await();
    }

    String written() {
        synchronized (taken) {
            return taken.toString(UTF_8);
        }
    }

    @Override
    public void write(int b) throws InterruptedIOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws InterruptedIOException {
        writing.countDown();
        try {
            opened.await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException(e.getMessage());
        }
        synchronized (taken) {
            taken.write(bytes, offset, length);
        }
    }
}
