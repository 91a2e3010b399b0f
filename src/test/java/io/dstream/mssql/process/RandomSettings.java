package io.dstream.mssql.process;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.TestDatabase;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// What one round of [RandomHistoryIT] is about: how the program is configured, and what the writers may do.
/// `maxLineBytes` is 0 for no limit. `runs` are those that may end by a crash; one more reads the rest.
/// With `bigTransactions` lines are short and positions are saved whenever that is possible, so that transactions are
/// split. With `hasProcess` the first may be a process of its own.
record RandomSettings(
        List<String> tables,
        int writers,
        int runs,
        String readMode,
        boolean beforeImages,
        int maxLineBytes,
        String checkpointInterval,
        int mostWindowTransactions,
        boolean manyRowKeyUpdates,
        boolean bigTransactions,
        boolean addsColumn,
        boolean hasProcess) {

    private static final List<String> CHECKPOINT_INTERVALS = List.of("0s", "0s", "1ms", "10ms", "1s");

    static RandomSettings of(RandomGenerator random) {
        boolean big = random.nextInt(12) == 0;
        return new RandomSettings(
                IntStream.range(0, random.nextInt(1, 4))
                        .mapToObj(number -> "dbo.t" + number)
                        .toList(),
                random.nextInt(1, 4),
                random.nextInt(1, 6),
                random.nextBoolean() ? "function" : "change_table",
                random.nextBoolean(),
                big ? 1024 + random.nextInt(512) : lineLimit(random),
                big ? "0s" : CHECKPOINT_INTERVALS.get(random.nextInt(CHECKPOINT_INTERVALS.size())),
                random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(1, 10),
                random.nextBoolean(),
                big,
                random.nextInt(3) == 0,
                random.nextInt(20) == 0);
    }

    private static int lineLimit(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> 1024;
            case 1 -> 1024 + random.nextInt(4096);
            case 2 -> 60_000;
            default -> 0;
        };
    }

    boolean byCommand() {
        return readMode.equals("change_table");
    }

    /// The configuration, without when to end.
    ObjectNode config(TestDatabase database) {
        return Configs.of(database.connectionText(), tables)
                .put("poll_interval", "4ms")
                .put("max_poll_interval", "16ms")
                .put("read_mode", readMode)
                .put("before_images", beforeImages)
                .put("max_line_bytes", maxLineBytes)
                .put("checkpoint_interval", checkpointInterval);
    }
}
