package io.dstream.mssql.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.process.ExpectedChanges.Expected;
import io.dstream.mssql.process.MortalRun.Result;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Holds what several runs wrote of one table against what its change tables and the table itself hold.
final class RandomVerdict {

    private final RandomSettings settings;
    private final String table;
    private final List<Expected> expected;

    /// What one run did. `stood` and `stands` are where `cdc_offsets` said that the tables stand, before and
    /// after.
    record Life(int number, Result result, Map<String, Position> stood, Map<String, Position> stands) {

        @Override
        public String toString() {
            return "run " + number + " " + result.fate();
        }

        private List<ChangeLine> changesOf(String table) {
            return Envelopes.changes(result.lines()).stream()
                    .filter(change -> change.table().equals(table))
                    .toList();
        }
    }

    /// `changes` are all that must arrive.
    RandomVerdict(RandomSettings settings, String table, List<Expected> changes) {
        this.settings = settings;
        this.table = table;
        this.expected = changes.stream()
                .sorted(ExpectedChanges.order(settings.byCommand()))
                .toList();
        assertThat(expected).extracting(Expected::identity).doesNotHaveDuplicates();
    }

    /// No line is too long, and each is an envelope of one table.
    static void requireWellFormedLines(RandomSettings settings, List<Life> lives) {
        for (Life life : lives) {
            for (String line : life.result().lines()) {
                JsonNode envelope = Envelopes.parse(line);
                assertThat(envelope.at("/metadata/batch_size").intValue())
                        .isPositive()
                        .isEqualTo(envelope.path("changes").size());
                assertThat(Envelopes.changes(List.of(line)))
                        .allSatisfy(change -> assertThat(change.table())
                                .isEqualTo(envelope.path("table_name").asText()));
                if (settings.maxLineBytes() > 0) {
                    assertThat(line.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(settings.maxLineBytes());
                }
            }
        }
    }

    /// Each run wrote, change by change and value by value, what comes after the position that was saved when
    /// it began, and left none saved that was not written. So the first run and what the others add make all of
    /// it, in order, and repeats come only after a checkpoint. Answers how many repeats there were.
    long repeatsThoughEachRunWentOnFromItsCheckpoint(List<Life> lives) {
        int next = 0;
        long written = 0;
        for (Life life : lives) {
            String where = table + " in " + life;
            int from = countUpTo(Optional.ofNullable(life.stood().get(table)));
            int to = from;
            int mostRepeats = life.result().mostRepeatsWithoutCrash();
            int mayGoBack = mostRepeats;
            for (ChangeLine change : life.changesOf(table)) {
                int back = goesBack(change, to, Math.min(mayGoBack, to - from));
                mayGoBack = back > 0 ? 0 : mayGoBack;
                to -= back;
                written++;
                assertThat(to).as("changes of %s that can be written", where).isLessThan(expected.size());
                assertThat(text(change)).as("change %s of %s", to, where).isEqualTo(text(expected.get(to)));
                to++;
            }
            next = Math.max(next, to);
            int saved = countUpTo(Optional.ofNullable(life.stands().get(table)));
            assertThat(saved)
                    .as("changes of %s that were saved as written", where)
                    .isBetween(from, next);
            if (life.result().peaceful()) {
                assertThat(saved)
                        .as("changes saved at the peaceful end of %s", where)
                        .isBetween(to - mostRepeats, to);
            }
        }
        assertThat(next).as("changes of %s that arrived", table).isEqualTo(expected.size());
        return written - next;
    }

    /// How many changes `change` lies before the `next` one, `most` at most; 0 where it is not among those.
    private int goesBack(ChangeLine change, int next, int most) {
        for (int back = 1; back <= most; back++) {
            if (expected.get(next - back).identity().equals(change.identity())) {
                return back;
            }
        }
        return 0;
    }

    private int countUpTo(Optional<Position> position) {
        return position.map(done -> (int) expected.stream()
                        .filter(change -> change.position(settings.byCommand()).compareTo(done) <= 0)
                        .count())
                .orElse(0);
    }

    private String text(Expected change) {
        String before = settings.beforeImages() ? " before " + change.before() : "";
        return change.identity() + ": " + change.row() + (change.operation() == 4 ? before : "") + " wide="
                + change.wide();
    }

    private static String text(ChangeLine change) {
        JsonNode whole = change.whole();
        assertThat(whole.has("unavailable_columns") || whole.has("before_unavailable_columns"))
                .isFalse();
        String before = whole.has("before") ? " before " + values(whole.path("before")) : "";
        return change.identity() + ": " + values(change.data()) + before + " wide="
                + change.data().has("extra");
    }

    private static String values(JsonNode data) {
        return data.path("id").asText() + " " + data.path("v").asText() + " "
                + data.path("extra").asText("null");
    }

    /// Replaying what was written, without repeats, gives the rows of the source, and each change fits what is
    /// there.
    ///
    /// In the order of the lines, but for `function` with key updates of many rows: there an insert can stand
    /// before the delete of the row that had the key until then, which the README says. What was written must
    /// then be all that is needed once it is put into the order of execution.
    void requireReplayGives(Map<Integer, String> source, List<Life> lives) {
        Map<String, ChangeLine> written = new HashMap<>();
        lives.forEach(life -> life.changesOf(table).forEach(change -> written.put(change.identity(), change)));
        boolean byCommand = settings.byCommand() || settings.manyRowKeyUpdates();
        List<Expected> order =
                expected.stream().sorted(ExpectedChanges.order(byCommand)).toList();
        Map<Integer, String> rows = new TreeMap<>();
        for (Expected change : order) {
            ChangeLine line = written.get(change.identity());
            assertThat(line).as(change.identity()).isNotNull();
            apply(line, rows);
        }
        assertThat(rows).as("rows of %s", table).isEqualTo(source);
    }

    private static void apply(ChangeLine change, Map<Integer, String> rows) {
        int id = change.data().path("id").asInt();
        String values = values(change.data());
        switch (change.type()) {
            case "insert" ->
                assertThat(rows.put(id, values)).as(change.identity()).isNull();
            case "delete" -> assertThat(rows.remove(id)).as(change.identity()).isEqualTo(values);
            default -> {
                String before = rows.put(id, values);
                assertThat(before).as(change.identity()).isNotNull();
                if (change.whole().has("before")) {
                    assertThat(values(change.whole().path("before"))).isEqualTo(before);
                }
            }
        }
    }
}
