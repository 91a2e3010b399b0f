package io.dstream.mssql.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// A pipe whose reader goes away after so many bytes.
final class FailingOutput extends OutputStream {

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final int capacity;

    FailingOutput(int capacity) {
        this.capacity = capacity;
    }

    synchronized byte[] taken() {
        return taken.toByteArray();
    }

    @Override
    public synchronized void write(int b) throws IOException {
        if (taken.size() == capacity) {
            throw new IOException("Broken pipe");
        }
        taken.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }
}
