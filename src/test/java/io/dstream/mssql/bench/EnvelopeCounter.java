package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Takes envelope lines from a pipe as fast as they come and counts them, their changes and their bytes, without
/// parsing: the machine is the measured process's. Used by one thread.
final class EnvelopeCounter {

    private static final String BATCH_SIZE = "\"metadata\":{\"batch_size\":";
    private static final String CAPTURE_INSTANCE = "\"capture_instance\":\"";

    /// How much of a line's end holds its metadata.
    private static final int METADATA_BYTES = 512;

    /// Eight bytes at once: what counts must not take the processor from what is measured.
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long NEWLINES = ONES * '\n';

    private final InputStream in;
    private final Taker taker;
    /// First what was kept of an unfinished line, then what was read after it.
    private final byte[] buffer = new byte[METADATA_BYTES + 256 * 1024];

    private int kept;
    private long bytes;
    private long lines;
    private long changes;

    /// Is told of each envelope as soon as its end was read.
    @FunctionalInterface
    interface Taker {
        /// So many changes came from `captureInstance`.
        void took(String captureInstance, int count);
    }

    EnvelopeCounter(InputStream in, Taker taker) {
        this.in = in;
        this.taker = taker;
    }

    /// Returns once there were `wanted` changes or the pipe ended.
    void readUntil(long wanted) throws IOException {
        while (changes < wanted) {
            int length = in.read(buffer, kept, buffer.length - kept);
            if (length < 0) {
                return;
            }
            bytes += length;
            count(kept + length);
        }
    }

    private void count(int end) {
        int from = 0;
        for (int newline = newline(kept, end); newline < end; newline = newline(from, end)) {
            lines++;
            int tail = Math.max(from, newline - METADATA_BYTES);
            takeEnvelope(new String(buffer, tail, newline - tail, ISO_8859_1));
            from = newline + 1;
        }
        from = Math.max(from, end - METADATA_BYTES);
        kept = end - from;
        System.arraycopy(buffer, from, buffer, 0, kept);
    }

    /// Where the next newline at or after `from` is, `end` where there is none before it.
    private int newline(int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end && !hasNewline((long) LONGS.get(buffer, at))) {
            at += Long.BYTES;
        }
        while (at < end && buffer[at] != '\n') {
            at++;
        }
        return at;
    }

    /// One of the eight bytes is zero once the newline is taken from each.
    private static boolean hasNewline(long eight) {
        long difference = eight ^ NEWLINES;
        return ((difference - ONES) & ~difference & HIGH_BITS) != 0;
    }

    /// Of a line the end is enough.
    private void takeEnvelope(String line) {
        int at = line.lastIndexOf(BATCH_SIZE);
        int named = line.indexOf(CAPTURE_INSTANCE, Math.max(0, at));
        if (at < 0 || named < 0) {
            return;
        }
        int digits = at + BATCH_SIZE.length();
        int count = Integer.parseInt(line, digits, line.indexOf(',', digits), 10);
        int name = named + CAPTURE_INSTANCE.length();
        changes += count;
        taker.took(line.substring(name, line.indexOf('"', name)), count);
    }

    long bytes() {
        return bytes;
    }

    long lines() {
        return lines;
    }

    long changes() {
        return changes;
    }
}
