package io.dstream.mssql.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.testing.Envelopes;
import java.util.HashMap;
import java.util.Map;

/// Looks into every line: valid JSON, the right number of changes, every row once, each table's in order, with all
/// their columns and the time of their commit. Throws `IllegalStateException` where that is not so. Used by one thread.
final class EnvelopeCheck {

    private static final String COMMIT_TIME =
            SyntheticRows.COMMIT_TIME.toInstant().toString();

    private final int columns;
    private final Map<String, Long> lastIds = new HashMap<>();
    private long lines;
    private long changes;
    private long sumOfIds;

    EnvelopeCheck(RowShape shape) {
        this.columns = 1 + shape.columns().size();
    }

    void accept(String line) {
        lines++;
        JsonNode envelope = Envelopes.parse(line);
        JsonNode found = envelope.path("changes");
        require(found.size() == envelope.path("metadata").path("batch_size").asInt(), "batch_size", envelope);
        String table = envelope.path("table_name").asText();
        for (JsonNode change : found) {
            changes++;
            JsonNode data = change.path("data");
            long id = data.path("id").asLong();
            long before = lastIds.getOrDefault(table, 0L);
            require(id > before, "the id after " + before, change);
            require(data.size() == columns, "the number of columns", change);
            require(change.path("timestamp").asText().equals(COMMIT_TIME), "the timestamp", change);
            lastIds.put(table, id);
            sumOfIds += id;
        }
    }

    /// After the last row. Ids go up and their number is right, so only their sum is left to look at.
    void requireEveryId() {
        if (sumOfIds != changes * (changes + 1) / 2) {
            throw new IllegalStateException("ids are missing: the sum of " + changes + " is " + sumOfIds);
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
