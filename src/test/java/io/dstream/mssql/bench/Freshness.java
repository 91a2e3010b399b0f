package io.dstream.mssql.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.testing.Envelopes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// From the moment a change is visible in its change table to the moment its whole line was read from the program's
/// stdout. Thread-safe.
final class Freshness {

    private static final double NANOS_A_MILLISECOND = 1e6;

    /// By the last commit LSN that became visible then; when, by the clock of [System#nanoTime].
    private final NavigableMap<Lsn, Long> visible = new ConcurrentSkipListMap<>();

    private final Map<Lsn, Long> arrived = new ConcurrentHashMap<>();

    /// All changes up to `lsn` are visible now.
    void visible(Lsn lsn) {
        visible.put(lsn, System.nanoTime());
    }

    /// An envelope's line was read at `nanos`.
    void arrived(String line, long nanos) {
        for (JsonNode change : Envelopes.parse(line).path("changes")) {
            arrived.put(lsn(change.path("lsn").asText()), nanos);
        }
    }

    private static Lsn lsn(String text) {
        return Lsn.of(HexFormat.of().parseHex(text.replace(":", "")));
    }

    /// All that came so far.
    void forget() {
        arrived.clear();
    }

    /// How many changes have arrived, those of one transaction counted once.
    int count() {
        return arrived.size();
    }

    /// Of every change that arrived, in milliseconds.
    Samples milliseconds() {
        List<Double> all = new ArrayList<>();
        arrived.forEach((lsn, nanos) -> {
            long since = Optional.ofNullable(visible.ceilingEntry(lsn))
                    .map(Map.Entry::getValue)
                    .orElseThrow(() -> new IllegalStateException(lsn + " arrived and never became visible"));
            // Read between the commit and the word of it.
            all.add(Math.max(0, nanos - since) / NANOS_A_MILLISECOND);
        });
        return Samples.of(all, Double::doubleValue);
    }
}
