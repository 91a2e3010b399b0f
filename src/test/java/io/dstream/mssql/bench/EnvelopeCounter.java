package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;

/// Takes envelope lines from a pipe as fast as they come and counts them, their changes and their bytes, without
/// parsing: the machine is the measured process's. Used by one thread.
final class EnvelopeCounter {

    private static final String BATCH_SIZE = "\"metadata\":{\"batch_size\":";
    private static final String CAPTURE_INSTANCE = "\"capture_instance\":\"";

    /// How much of a line's end holds its metadata.
    private static final int METADATA_CHARS = 512;

    private final InputStream in;
    private final Taker taker;
    private final byte[] chunk = new byte[256 * 1024];

    /// What follows the last newline, no more of it than metadata may need.
    private String unfinished = "";

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
            int length = in.read(chunk);
            if (length < 0) {
                return;
            }
            bytes += length;
            count(length);
        }
    }

    private void count(int length) {
        String text = unfinished + new String(chunk, 0, length, ISO_8859_1);
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            lines++;
            takeEnvelope(text, end);
            from = end + 1;
        }
        unfinished = text.substring(Math.max(from, text.length() - METADATA_CHARS));
    }

    private void takeEnvelope(String text, int end) {
        int at = text.lastIndexOf(BATCH_SIZE, end);
        int named = text.indexOf(CAPTURE_INSTANCE, Math.max(0, at));
        if (at < 0 || named < 0 || named > end) {
            return;
        }
        int digits = at + BATCH_SIZE.length();
        int count = Integer.parseInt(text, digits, text.indexOf(',', digits), 10);
        int name = named + CAPTURE_INSTANCE.length();
        changes += count;
        taker.took(text.substring(name, text.indexOf('"', name)), count);
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
