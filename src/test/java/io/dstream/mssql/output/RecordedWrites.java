package io.dstream.mssql.output;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// A pipe that knows how many bytes came with each write.
final class RecordedWrites extends OutputStream {

    private final ByteArrayOutputStream taken;
    private final List<Integer> lengths = new ArrayList<>();

    RecordedWrites(ByteArrayOutputStream taken) {
        this.taken = taken;
    }

    synchronized List<Integer> lengths() {
        return List.copyOf(lengths);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        lengths.add(length);
        taken.write(bytes, offset, length);
    }
}
