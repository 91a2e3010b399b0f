package io.dstream.mssql.bench;

import io.dstream.mssql.config.DurationText;
import io.dstream.mssql.config.ReadingConfig.ReadMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads the arguments of `./bench`, once. Throws `IllegalArgumentException` with a message for the user.
final class OptionsParser {

    private static final int ROWS_A_TRANSACTION = 1_000;

    private final Iterator<String> rest;
    private final Set<String> given = new LinkedHashSet<>();

    private BenchKind kind = BenchKind.THROUGHPUT;
    private RowShape shape = RowShape.NARROW;
    private OptionalInt rows = OptionalInt.empty();
    private int rowsATransaction = ROWS_A_TRANSACTION;
    private ReadMode mode = ReadMode.FUNCTION;
    private int tables;
    private boolean peer;
    private OptionalInt peerRows = OptionalInt.empty();
    private OptionalInt rounds = OptionalInt.empty();
    private String heap = "";
    private Optional<Duration> poll = Optional.empty();
    private Optional<Duration> maxPoll = Optional.empty();
    private int seconds = 20;
    private int changes = 40;
    private boolean check;
    private boolean help;

    OptionsParser(List<String> arguments) {
        this.rest = arguments.iterator();
    }

    BenchOptions parse() {
        while (rest.hasNext()) {
            String option = rest.next();
            given.add(option);
            take(option);
        }
        requireFitting();
        int count = rows.orElse(shape.defaultRows());
        BenchOptions options = new BenchOptions(
                kind,
                new BenchLoad(shape, count, rowsATransaction, mode),
                tables,
                peer ? Math.min(count, peerRows.orElse(count)) : 0,
                rounds.orElse(kind.defaultRounds()),
                heap,
                poll.orElse(kind == BenchKind.IDLE ? Duration.ofSeconds(1) : Duration.ofMillis(100)),
                maxPoll.orElse(kind == BenchKind.IDLE ? Duration.ofSeconds(60) : Duration.ofSeconds(1)),
                seconds,
                changes,
                check,
                help);
        require(options.maxPoll().compareTo(options.poll()) >= 0, "--max-poll must not be below --poll");
        return options;
    }

    private void take(String option) {
        switch (option) {
            case "--rows" -> takeRows(value(option));
            case "--shape" -> shape = shape(option, value(option));
            case "--tx" -> takeTransactions(value(option));
            case "--mode" -> mode = mode(value(option));
            case "--rounds" -> rounds = OptionalInt.of(number(option, value(option)));
            case "--peer" -> {
                require(value(option).equals("debezium"), "--peer knows debezium alone");
                peer = true;
            }
            case "--peer-rows" -> peerRows = OptionalInt.of(number(option, value(option)));
            case "--check" -> check = true;
            case "--tables", "--idle" -> {
                tables = number(option, value(option));
                takeKind(option);
            }
            case "--latency", "--start" -> takeKind(option);
            case "--poll" -> poll = Optional.of(duration(option, value(option)));
            case "--max-poll" -> maxPoll = Optional.of(duration(option, value(option)));
            case "--seconds" -> seconds = number(option, value(option));
            case "--changes" -> changes = number(option, value(option));
            case "--heap" -> {
                heap = value(option);
                require(heap.matches("[1-9]\\d*[kmgKMG]"), "--heap needs a size such as 64m, not " + heap);
            }
            case "--help", "-h" -> help = true;
            default -> throw new IllegalArgumentException("unknown option " + option);
        }
    }

    private void takeKind(String option) {
        require(
                kind == BenchKind.THROUGHPUT || kind.option().equals(option),
                kind.option() + " and " + option + " are two scenarios, take one");
        kind = Arrays.stream(BenchKind.values())
                .filter(known -> known.option().equals(option))
                .findFirst()
                .orElseThrow();
    }

    /// Numbers are counts, words are shapes.
    private void takeRows(String value) {
        if (value.matches("-?\\d+")) {
            rows = OptionalInt.of(number("--rows", value));
        } else {
            shape = shape("--rows", value);
        }
    }

    private void takeTransactions(String value) {
        rowsATransaction = value.equals("small") ? 1 : number("--tx", value);
    }

    private void requireFitting() {
        if (help) {
            return;
        }
        for (String option : given) {
            require(
                    kind.knows(option),
                    option
                            + (kind == BenchKind.THROUGHPUT
                                    ? " is for other scenarios alone"
                                    : " is not for " + kind.option()));
        }
        require(!peerRows.isPresent() || peer, "--peer-rows needs --peer");
    }

    private static RowShape shape(String option, String value) {
        return RowShape.named(value)
                .orElseThrow(() -> new IllegalArgumentException(option + " knows "
                        + Arrays.stream(RowShape.values()).map(RowShape::text).collect(Collectors.joining(", "))
                        + ", not " + value));
    }

    private static ReadMode mode(String value) {
        return Arrays.stream(ReadMode.values())
                .filter(known -> BenchLoad.modeText(known).equals(value))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("--mode knows function and change_table, not " + value));
    }

    private static Duration duration(String option, String value) {
        return DurationText.parse(value)
                .filter(Duration::isPositive)
                .orElseThrow(
                        () -> new IllegalArgumentException(option + " needs a duration such as 300ms, not " + value));
    }

    private String value(String option) {
        require(rest.hasNext(), option + " needs a value");
        return rest.next();
    }

    private static int number(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            require(number > 0, option + " needs a number above zero, not " + value);
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " needs a whole number, not " + value, e);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
