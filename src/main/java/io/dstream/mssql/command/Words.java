package io.dstream.mssql.command;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Facts in a cell of a table, and lines for people.
final class Words {

    static final String UNKNOWN = "unknown";
    static final String NOTHING = "-";

    private Words() {}

    /// The two largest units: `2d 23h`, `5m 3s`, `0s`. A time that is over is `over`.
    static String of(Duration time) {
        if (time.isNegative()) {
            return "over";
        }
        if (time.toDays() > 0) {
            return time.toDays() + "d " + time.toHoursPart() + "h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h " + time.toMinutesPart() + "m";
        }
        if (time.toMinutes() > 0) {
            return time.toMinutes() + "m " + time.toSecondsPart() + "s";
        }
        return time.toSeconds() + "s";
    }

    /// As above, `unknown` where it is.
    static String of(Optional<Duration> time) {
        return time.map(Words::of).orElse(UNKNOWN);
    }

    /// A count that ends at `most`.
    static String of(long count, long most) {
        return count >= most ? most + "+" : Long.toString(count);
    }

    /// Lines, with an empty one between groups of them; none for a group without any.
    static String paragraphs(List<List<String>> groups) {
        return groups.stream()
                .filter(group -> !group.isEmpty())
                .map(group -> String.join("\n", group))
                .collect(Collectors.joining("\n\n"));
    }
}
