package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;

/// Takes envelope lines from a pipe as fast as they come and counts them, their changes and their bytes, without
/// parsing: the machine is the measured process's. Used by one thread.
final class EnvelopeCounter {

    private static final String BATCH_SIZE = "\"metadata\":{\"batch_size\":";

    /// How much of a line's end holds its metadata.
    private static final int METADATA_CHARS = 512;

    private final InputStream in;
    private final byte[] chunk = new byte[256 * 1024];

    /// What follows the last newline, no more of it than metadata may need.
    private String unfinished = "";

    private long bytes;
    private long lines;
    private long changes;

    EnvelopeCounter(InputStream in) {
        this.in = in;
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
            changes += batchSize(text, end);
            from = end + 1;
        }
        unfinished = text.substring(Math.max(from, text.length() - METADATA_CHARS));
    }

    private static int batchSize(String text, int end) {
        int at = text.lastIndexOf(BATCH_SIZE, end);
        if (at < 0) {
            return 0;
        }
        int digits = at + BATCH_SIZE.length();
        return Integer.parseInt(text, digits, text.indexOf(',', digits), 10);
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
