package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.process.TableHistory.Run;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What several instances wrote, in the order it came out of them. Thread-safe.
final class Transcript {

    private final List<Written> lines = new CopyOnWriteArrayList<>();
    private final List<String> broken = new CopyOnWriteArrayList<>();

    /// One line. `epoch` is that of the lease it was written under; `atNanos`, of `System.nanoTime`, is when it came.
    record Written(String instance, String table, long epoch, List<ChangeLine> changes, long atNanos) {

        @Override
        public String toString() {
            return instance + " epoch " + epoch + " " + table + ", " + changes.size() + " changes";
        }
    }

    /// For the stdout of `instance`.
    Consumer<String> recorder(String instance) {
        return line -> record(instance, line, System.nanoTime());
    }

    /// Nothing may be thrown here: whoever reads the pipe would end, and the instance with it.
    private void record(String instance, String line, long atNanos) {
        try {
            JsonNode epoch = Envelopes.parse(line).path("metadata").path("epoch");
            List<ChangeLine> changes = Envelopes.changes(List.of(line));
            if (epoch.isIntegralNumber() && !changes.isEmpty()) {
                lines.add(new Written(instance, changes.getFirst().table(), epoch.longValue(), changes, atNanos));
                return;
            }
        } catch (AssertionError _) {
            // Not JSON: said below.
        }
        broken.add(instance + ": " + line);
    }

    /// All lines of `table`.
    List<Written> of(String table) {
        return lines.stream().filter(line -> line.table().equals(table)).toList();
    }

    /// How many lines `instance` has written.
    long countOf(String instance) {
        return lines.stream().filter(line -> line.instance().equals(instance)).count();
    }

    /// The first line of `table` that its `number`-th holder wrote, counted from 1.
    Optional<Written> first(String table, int number) {
        Set<Long> epochs = new HashSet<>();
        return of(table).stream()
                .filter(line -> epochs.add(line.epoch()))
                .skip(number - 1L)
                .findFirst();
    }

    /// How many holders have written `table`.
    int holders(String table) {
        return (int) of(table).stream().map(Written::epoch).distinct().count();
    }

    /// The newest line of `table`.
    Optional<Written> last(String table) {
        List<Written> all = of(table);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// Every change of `table`, repeats too.
    List<ChangeLine> changesOf(String table) {
        return of(table).stream().flatMap(line -> line.changes().stream()).toList();
    }

    /// Nothing but envelopes with an epoch came; the epoch of a table never goes down, and each belongs to one
    /// instance.
    void requireOneWriterAtATime(String table) {
        assertThat(broken).as("lines that are no envelopes").isEmpty();
        Map<Long, String> owners = new LinkedHashMap<>();
        long epoch = 0;
        for (Written line : of(table)) {
            assertThat(line.epoch()).as("epoch of " + line).isGreaterThanOrEqualTo(epoch);
            epoch = line.epoch();
            assertThat(owners.computeIfAbsent(epoch, _ -> line.instance()))
                    .as("who wrote under epoch " + epoch)
                    .isEqualTo(line.instance());
        }
    }

    /// The names of those who wrote `table`, each turn once: `[A, B]` where B took over from A.
    List<String> turns(String table) {
        List<String> turns = new ArrayList<>();
        for (Written line : of(table)) {
            if (turns.isEmpty() || !turns.getLast().equals(line.instance())) {
                turns.add(line.instance());
            }
        }
        return turns;
    }

    /// Every change came; each holder went on in order and without a hole, and began where the one before it stood, or
    /// earlier.
    void requireComplete(TableHistory history) {
        SequencedMap<Long, List<ChangeLine>> byEpoch = new LinkedHashMap<>();
        of(history.table())
                .forEach(line -> byEpoch.computeIfAbsent(line.epoch(), _ -> new ArrayList<>())
                        .addAll(line.changes()));
        history.requireRepeatsOnlyAfterCheckpoints(byEpoch.values().stream()
                .map(changes -> new Run(changes, Optional.empty()))
                .toList());
    }

    @Override
    public String toString() {
        return lines.size() + " lines, the newest: " + lines.subList(Math.max(0, lines.size() - 6), lines.size())
                + ", no envelopes: " + broken;
    }
}
