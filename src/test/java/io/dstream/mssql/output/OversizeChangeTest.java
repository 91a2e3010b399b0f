package io.dstream.mssql.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.cdc.CapturedColumn;
import io.dstream.mssql.cdc.Operation;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.config.OutputConfig.OutputFormat;
import io.dstream.mssql.config.OutputConfig.OversizeChange;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Changes that no line can hold, and those that just fit.
@Timeout(60)
final class OversizeChangeTest {

    /// The longest line that DStream's relay takes.
    private static final int RELAY_LIMIT = 65_535;

    /// A character of each length in UTF-8, and what JSON escapes.
    private static final List<String> CHARACTERS =
            List.of("x", "é", "€", "\uD83D\uDE00", "\"", "\\", "\n", "\u0001", "\uD800");

    private static final CapturedColumn ID = TableLines.ID;
    private static final CapturedColumn A = TableLines.text("a", 2);
    private static final CapturedColumn B = TableLines.text("b", 3);

    private static int lengthOf(OutputFormat format, @Nullable Object... values)
            throws Failure, InterruptedException, SQLException {
        try (TableLines lines = new TableLines(format, 0, OversizeChange.FAIL, ID, A, B)) {
            lines.insert(1, values);
            lines.flush();
            return lines.sizes().getFirst();
        }
    }

    /// Text that makes the line with the columns 1, it, `b` exactly `bytes` long, most of it made of
    /// `character`.
    private static String filling(OutputFormat format, int bytes, String character, String b)
            throws Failure, InterruptedException, SQLException {
        int empty = lengthOf(format, 1, "", b);
        int each = lengthOf(format, 1, character, b) - empty;
        return character.repeat((bytes - empty) / each) + "x".repeat((bytes - empty) % each);
    }

    @ParameterizedTest
    @EnumSource
    void aLineOfExactlyTheLimitIsLeftAlone(OutputFormat format) throws Failure, InterruptedException, SQLException {
        for (String character : CHARACTERS) {
            for (OversizeChange oversize : OversizeChange.values()) {
                String text = filling(format, RELAY_LIMIT, character, "b");
                try (TableLines lines = new TableLines(format, RELAY_LIMIT, oversize, ID, A, B)) {
                    lines.insert(1, 0, "before", "b");
                    lines.insert(2, 1, text, "b");
                    lines.insert(3, 2, "after", "b");
                    lines.flush();

                    assertThat(lines.sizes()).contains(RELAY_LIMIT).allMatch(size -> size <= RELAY_LIMIT);
                    assertThat(lines.changes())
                            .extracting(change -> change.at("/data/id").asInt())
                            .containsExactly(0, 1, 2);
                    assertThat(lines.omitted(lines.changes().get(1))).isEmpty();
                    if (!character.equals("\uD800")) {
                        assertThat(lines.changes().get(1).at("/data/a").asText())
                                .isEqualTo(text);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneByteMoreIsRefusedAndWhatCameBeforeIsWritten(OutputFormat format)
            throws Failure, InterruptedException, SQLException {
        for (String character : CHARACTERS) {
            String text = filling(format, RELAY_LIMIT + 1, character, "b");
            try (TableLines lines = new TableLines(format, RELAY_LIMIT, OversizeChange.FAIL, ID, A, B)) {
                lines.insert(1, 0, "fits", "b");
                lines.insert(2, 0, "fits", "b");

                assertThatExceptionOfType(PermanentFailure.class)
                        .isThrownBy(() -> lines.insert(3, 1, text, "b"))
                        .withMessageContainingAll(
                                "dbo.customers",
                                "65536",
                                "65535",
                                "oversize_change is fail",
                                TableLines.lsn(3).toString());
                lines.flush();
                assertThat(lines.changes()).hasSize(2);
                assertThat(lines.writer().flushedPosition())
                        .contains(new Position(TableLines.lsn(2), TableLines.lsn(2)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneByteMoreLosesItsLargestValueAndTheTableGoesOn(OutputFormat format)
            throws Failure, InterruptedException, SQLException {
        for (String character : CHARACTERS) {
            String text = filling(format, RELAY_LIMIT + 1, character, "b");
            try (TableLines lines = new TableLines(format, RELAY_LIMIT, OversizeChange.OMIT, ID, A, B)) {
                lines.insert(1, 0, "before", "b");
                lines.insert(2, 1, text, "b");
                lines.insert(3, 2, "after", "b");
                lines.flush();

                assertThat(lines.sizes()).allMatch(size -> size <= RELAY_LIMIT);
                assertThat(lines.changes())
                        .extracting(change -> change.path("data").toString())
                        .containsExactly(
                                "{\"id\":0,\"a\":\"before\",\"b\":\"b\"}",
                                "{\"id\":1,\"b\":\"b\"}",
                                "{\"id\":2,\"a\":\"after\",\"b\":\"b\"}");
                assertThat(lines.changes()).extracting(lines::omitted).containsExactly("", "[\"a\"]", "");
                assertThat(lines.writer().flushedPosition())
                        .contains(new Position(TableLines.lsn(2), TableLines.lsn(2)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyAsManyAsNeededAreOmittedTheLargestFirst(OutputFormat format)
            throws Failure, InterruptedException, SQLException {
        try (TableLines lines = new TableLines(
                format, 2_000, OversizeChange.OMIT, ID, A, B, TableLines.text("c", 4), TableLines.text("d", 5))) {
            lines.insert(1, 1, "a".repeat(700), "b".repeat(900), "c".repeat(701), null);
            lines.insert(2, 2, "a".repeat(900), "b".repeat(900), "c".repeat(900), null);
            lines.insert(3, 3, "a".repeat(5_000), "b".repeat(900), null, "d".repeat(3_000));
            lines.insert(4, 4, "a".repeat(5_000), "b".repeat(1_900), null, "d".repeat(1_000));
            lines.flush();

            assertThat(lines.changes())
                    .extracting(lines::omitted)
                    .containsExactly("[\"b\"]", "[\"b\",\"c\"]", "[\"a\",\"d\"]", "[\"a\",\"b\"]");
            assertThat(lines.changes().getFirst().path("data").fieldNames())
                    .toIterable()
                    .containsExactly("id", "a", "c", "d");
            assertThat(lines.changes().get(1).at("/data/d").isNull()).isTrue();
            assertThat(lines.changes().get(2).path("data"))
                    .hasToString("{\"id\":3,\"b\":\"" + "b".repeat(900) + "\",\"c\":null}");
            assertThat(lines.sizes()).allMatch(size -> size <= 2_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothImagesOfAnUpdateLoseTheirLargest(OutputFormat format) throws Failure, InterruptedException, SQLException {
        try (TableLines lines = new TableLines(format, 2_000, OversizeChange.OMIT, ID, A, B)) {
            lines.update(1, List.of(1, "a".repeat(900), "b"), List.of(1, "a".repeat(800), "c"));
            lines.update(2, List.of(1, "a".repeat(9_000), "b"), List.of(1, "a".repeat(9_000), "c"));
            lines.update(3, List.of(1, "a".repeat(9_000), "b"), List.of(1, "a", "c"));
            lines.insert(4, 2, "x", "y");
            lines.update(5, List.of(1, "a".repeat(900), "b"), List.of(1, "a".repeat(900), "c"));
            lines.flush();

            assertThat(lines.changes()).extracting(lines::omitted).containsExactly("", "[\"a\"]", "", "", "");
            assertThat(lines.changes())
                    .extracting(lines::omittedBefore)
                    .containsExactly("[\"a\"]", "[\"a\"]", "[\"a\"]", "", "[\"a\"]");
            assertThat(lines.changes())
                    .extracting(change -> change.path("before").toString())
                    .containsExactly(
                            "{\"id\":1,\"b\":\"b\"}",
                            "{\"id\":1,\"b\":\"b\"}",
                            "{\"id\":1,\"b\":\"b\"}",
                            "",
                            "{\"id\":1,\"b\":\"b\"}");
            assertThat(lines.changes().getFirst().at("/data/a").asText()).hasSize(800);
            assertThat(lines.changes().get(2).path("data")).hasToString("{\"id\":1,\"a\":\"a\",\"b\":\"c\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesAloneThatAreTooLongAreRefused(OutputFormat format) throws Failure, InterruptedException, SQLException {
        CapturedColumn[] many = new CapturedColumn[20];
        for (int i = 0; i < many.length; i++) {
            many[i] = TableLines.text("column" + i + "x".repeat(110), i + 1);
        }
        try (TableLines lines = new TableLines(format, 2_000, OversizeChange.OMIT, many)) {
            assertThatExceptionOfType(PermanentFailure.class)
                    .isThrownBy(() -> lines.insert(
                            1, Collections.nCopies(many.length, "text").toArray()))
                    .withMessageContainingAll("dbo.customers", "2000", "even without its values");
            lines.flush();
            assertThat(lines.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHugeValueLeavesNoHugeBufferBehind(OutputFormat format) throws Failure, InterruptedException, SQLException {
        String huge = "€".repeat(10_000_000);
        try (TableLines lines = new TableLines(format, RELAY_LIMIT, OversizeChange.OMIT, ID, A, B)) {
            lines.insert(1, 1, huge, huge);
            lines.update(2, List.of(1, huge, "b"), List.of(1, huge, "b"));
            lines.flush();

            assertThat(lines.changes()).extracting(lines::omitted).containsExactly("[\"a\",\"b\"]", "[\"a\"]");
            assertThat(lines.capacityOfNextBuffer()).isLessThanOrEqualTo(2 * 1024 * 1024);
        }
    }

    /// Whatever the values and the limit: every change comes, in order, in lines that fit; what is missing is
    /// named; no position is past what came out, nor between two changes that share commit LSN and seqval.
    @ParameterizedTest
    @EnumSource
    void everyChangeComesWithinAnyLimit(OutputFormat format) throws Failure, InterruptedException, SQLException {
        long seed = System.nanoTime();
        RandomGenerator random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            int limit = 1_024 + random.nextInt(3_000);
            List<String> wanted = new ArrayList<>();
            try (TableLines lines = new TableLines(format, limit, OversizeChange.OMIT, ID, A, B)) {
                int count = 1 + random.nextInt(40);
                for (int i = 1; i <= count; i++) {
                    String a = text(random, limit);
                    String b = text(random, limit);
                    switch (random.nextInt(3)) {
                        case 0 -> lines.insert(i, i, a, b);
                        case 1 -> {
                            lines.add(Operation.DELETE, i, i, i, a, b);
                            wanted.add(i + a + b);
                            lines.add(Operation.INSERT, i, i, i, a, b);
                        }
                        default -> lines.update(i, List.of(i, b, a), List.of(i, a, b));
                    }
                    wanted.add(i + a + b);
                    requireTruePosition(lines, seed);
                }
                lines.flush();

                assertThat(lines.sizes()).as("seed %d", seed).allMatch(size -> size <= limit);
                assertThat(complete(lines, wanted)).as("seed %d", seed).isEqualTo(wanted);
            }
        }
    }

    private static String text(RandomGenerator random, int limit) {
        String character = CHARACTERS.get(random.nextInt(CHARACTERS.size() - 1));
        return character.repeat(random.nextInt(5) == 0 ? random.nextInt(2 * limit) : random.nextInt(100));
    }

    private static void requireTruePosition(TableLines lines, long seed) {
        int position = lines.writer()
                .flushedPosition()
                .map(found -> (int) found.commitLsn().high())
                .orElse(0);
        List<JsonNode> changes = lines.changes();
        int last = changes.isEmpty() ? 0 : changes.getLast().at("/data/id").asInt();
        assertThat(position).as("seed %d", seed).isLessThanOrEqualTo(last);
        if (position == last && position > 0) {
            boolean half = lines.type(changes.getLast()).equalsIgnoreCase("delete");
            assertThat(half)
                    .as("seed %d, position %d is inside a pair", seed, position)
                    .isFalse();
        }
    }

    /// What each change has, and for an omitted value the one that is wanted.
    private static List<String> complete(TableLines lines, List<String> wanted) {
        List<String> found = new ArrayList<>();
        List<JsonNode> changes = lines.changes();
        for (int i = 0; i < changes.size(); i++) {
            JsonNode change = changes.get(i);
            String omitted = lines.omitted(change);
            if (omitted.isEmpty()) {
                found.add(change.at("/data/id").asInt()
                        + change.at("/data/a").asText()
                        + change.at("/data/b").asText());
            } else {
                assertThat(change.path("data").has("a")).isEqualTo(!omitted.contains("\"a\""));
                assertThat(change.path("data").has("b")).isEqualTo(!omitted.contains("\"b\""));
                found.add(wanted.get(i).startsWith(change.at("/data/id").asText()) ? wanted.get(i) : change.toString());
            }
        }
        return found;
    }
}
