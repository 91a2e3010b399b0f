package io.dstream.mssql.logging;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/// Puts `[MSSQL-CDC]` and the time in UTC before every line, those of a stack trace too, and writes each line
/// with one call so that lines of other processes on the same stream do not get in between. Thread-safe.
///
/// The time stands here because the logging library knows only the JVM's zone.
final class LinePrefixStream extends OutputStream {

    private static final String PREFIX = "[MSSQL-CDC] ";

    private final OutputStream out;
    private final InstantSource clock;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LinePrefixStream(OutputStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        if (line.size() == 0) {
            String time = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
            line.writeBytes((PREFIX + time + " ").getBytes(US_ASCII));
        }
        line.write(b);
        if (b == '\n') {
            line.writeTo(out);
            line.reset();
            out.flush();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }
}
