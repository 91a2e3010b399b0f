package io.dstream.mssql.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.testing.Envelopes;

/// Looks into every line: valid JSON, the right number of changes, every row once, in order, with all its columns.
/// Throws `IllegalStateException` where that is not so. Used by one thread.
final class EnvelopeCheck {

    /// Those of the change function that are not in `data`.
    private static final int KEY_COLUMNS = 3;

    private long lines;
    private long changes;

    void accept(String line) {
        lines++;
        JsonNode envelope = Envelopes.parse(line);
        JsonNode found = envelope.path("changes");
        require(found.size() == envelope.path("metadata").path("batch_size").asInt(), "batch_size", envelope);
        for (JsonNode change : found) {
            changes++;
            JsonNode data = change.path("data");
            require(data.path("id").asLong() == changes, "the id after " + (changes - 1), change);
            require(data.size() == SyntheticRows.COLUMNS.size() - KEY_COLUMNS, "the number of columns", change);
        }
    }

    private static void require(boolean condition, String what, JsonNode where) {
        if (!condition) {
            throw new IllegalStateException(what + " is wrong: " + where);
        }
    }

    long lines() {
        return lines;
    }

    long changes() {
        return changes;
    }
}
