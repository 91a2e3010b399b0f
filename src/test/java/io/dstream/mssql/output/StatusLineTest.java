package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StatusLineTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void readyIsExactlyWhatTheReaderCompares() {
        assertThat(StatusLine.ready()).isEqualTo("{\"status\":\"ready\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a \"quoted\" back\\slash", "dbo.Müller 表 \uD83D\uDE00", ""})
    void anErrorKeepsItsWords(String message) throws JsonProcessingException {
        assertThat(messageOf(StatusLine.error(message))).isEqualTo(message);
    }

    @Test
    void anErrorIsOneLineWhateverItHolds() throws JsonProcessingException {
        String line = StatusLine.error("first\r\nsecond\u2028third\u0000\tfourth\n");

        assertThat(line).doesNotContainPattern("\\R");
        assertThat(messageOf(line)).isEqualTo("first second third fourth");
    }

    @Test
    void halfOfAPairIsStillJson() throws JsonProcessingException {
        assertThat(messageOf(StatusLine.error("\uD83D"))).isEqualTo("\uD83D");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u0001 \"", "表", "\uD83D\uDE00", "\\", "\uD83D"})
    void anErrorThatNoReaderCouldTakeIsCutShort(String part) throws JsonProcessingException {
        String line = StatusLine.error("the reason: " + part.repeat(70_000));

        assertThat(line.getBytes(UTF_8).length).isBetween(StatusLine.MOST_BYTES * 8 / 10, StatusLine.MOST_BYTES);
        assertThat(messageOf(line)).startsWith("the reason: ").endsWith(" ..").doesNotContain("\uFFFD");
    }

    private static String messageOf(String line) throws JsonProcessingException {
        JsonNode status = JSON.readTree(line);
        assertThat(status.path("status").asText()).isEqualTo("error");
        assertThat(status.size()).isEqualTo(2);
        return status.path("message").asText();
    }
}
