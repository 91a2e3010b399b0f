package io.dstream.mssql.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;

/// Reads envelope lines back.
public final class Envelopes {

    /// Keeps every digit: 19.90 stays 19.90.
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /// One change, as a consumer sees it. `lsn`, `seq` and `type` together identify it.
    public record ChangeLine(String table, String type, JsonNode data, String lsn, String seq, JsonNode whole) {

        /// What a consumer drops repeats by.
        public String identity() {
            return table + " " + lsn + " " + seq + " " + type;
        }
    }

    private Envelopes() {}

    /// The line as JSON; fails where it is not exactly one JSON value.
    public static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not one JSON value: " + line, e);
        }
    }

    /// Every change of every line, in order.
    public static List<ChangeLine> changes(List<String> lines) {
        List<ChangeLine> changes = new ArrayList<>();
        for (String line : lines) {
            for (JsonNode change : parse(line).path("changes")) {
                changes.add(new ChangeLine(
                        change.path("table_name").asText(),
                        change.path("change_type").asText(),
                        change.path("data"),
                        change.path("lsn").asText(),
                        change.path("seq").asText(),
                        change));
            }
        }
        return changes;
    }
}
