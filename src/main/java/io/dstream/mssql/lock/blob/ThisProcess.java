package io.dstream.mssql.lock.blob;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Who we are, for others to read in a lock blob.
final class ThisProcess {

    /// Host, process id and start time; ASCII, as metadata must be. Made at first use: it may ask for the host's name.
    static final String DESCRIPTION = describe();

    private ThisProcess() {}

    private static String describe() {
        ProcessHandle process = ProcessHandle.current();
        Instant started = process.info().startInstant().orElseGet(Instant::now);
        String text = hostName() + " pid " + process.pid() + " since " + started.truncatedTo(ChronoUnit.SECONDS);
        return text.replaceAll("[^ -~]", "?");
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown host";
        }
    }
}
