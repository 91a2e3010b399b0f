package io.dstream.mssql.config;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The value of `server` in its parts: `tcp:host\instance,port`, where all but the host may be missing. `.` and
/// `(local)` are `localhost`; an IPv6 address stands without brackets.
record ServerText(String host, Optional<String> instance, Optional<String> port) {

    private static final Pattern SHAPE = Pattern.compile(
            "(?i)(?:tcp:)?(?<host>[^\\\\,]*)(?:\\\\(?<instance>[\\p{L}\\p{N}_$#&]+))?\\s*(?:,\\s*(?<port>[0-9]+))?");
    private static final Pattern HOST_NAME = Pattern.compile("[\\p{L}\\p{N}._-]+");
    private static final Pattern IPV6 =
            Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[\\p{L}\\p{N}]+)?");
    private static final Set<String> THIS_MACHINE = Set.of(".", "(local)", "localhost");

    /// Empty after a problem, which does not show the value: a misplaced password may be in it.
    static Optional<ServerText> parse(String text, Consumer<String> problem) {
        Matcher shape = SHAPE.matcher(text.strip());
        if (!shape.matches()) {
            problem.accept("the server is not host, host\\instance or host,port; only TCP connections are possible");
            return Optional.empty();
        }
        String host = host(shape.group("host").strip());
        if (!HOST_NAME.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            problem.accept("the server's host is not a host name or address; a port is written `,1433` after it");
            return Optional.empty();
        }
        return Optional.of(new ServerText(
                host, Optional.ofNullable(shape.group("instance")), Optional.ofNullable(shape.group("port"))));
    }

    private static String host(String written) {
        if (THIS_MACHINE.contains(written)) {
            return "localhost";
        }
        return written.startsWith("[") && written.endsWith("]") ? written.substring(1, written.length() - 1) : written;
    }
}
