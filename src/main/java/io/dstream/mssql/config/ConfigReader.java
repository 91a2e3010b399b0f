package io.dstream.mssql.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// Reads the configuration: one JSON object, bare or in DStream's command envelope
/// `{"command":"run","config":{..}}`.
///
/// The object ends at its closing brace: nothing after it is waited for or looked at, and the stream stays open.
public final class ConfigReader {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final Map<String, String> environment;

    /// `environment` answers `{"env": "NAME"}`; the process's own is `System.getenv()`.
    public ConfigReader(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /// As below, without arguments.
    public Launch read(InputStream input) throws IOException, ConfigException {
        return read(input, Arguments.NONE);
    }

    /// Reads and checks. `arguments` may name the command too. Blocks until the object is complete, throws
    /// `IOException` when the stream breaks and [ConfigException], with every problem, when the configuration
    /// cannot
    /// be used.
    public Launch read(InputStream input, Arguments arguments) throws IOException, ConfigException {
        Json.ObjectValue root = readTree(input);
        return new ConfigParser(environment).parse(root, arguments.command());
    }

    // Messages and causes of Jackson's exceptions quote the input, which may hold a secret: neither goes further.
    private static Json.ObjectValue readTree(InputStream input) throws IOException, ConfigException {
        try (JsonParser parser = FACTORY.createParser(utf8(input))) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw refuse("the configuration is empty: stdin must hold one JSON object");
            }
            if (first != JsonToken.START_OBJECT) {
                throw refuse("the configuration must be a JSON object");
            }
            return readObject(parser);
        } catch (JsonEOFException e) {
            throw refuse("the configuration ends before its JSON is complete, " + position(e));
        } catch (JsonProcessingException e) {
            throw refuse("the configuration is not valid JSON, " + position(e));
        } catch (CharacterCodingException _) {
            throw refuse("the configuration is not valid UTF-8");
        }
    }

    // Through a Reader, because the parser's own detection of encodings waits for four bytes, and `{}` has two.
    private static Reader utf8(InputStream input) throws IOException {
        PushbackReader reader =
                new PushbackReader(new InputStreamReader(input, StandardCharsets.UTF_8.newDecoder()), 1);
        int first = reader.read();
        if (first >= 0 && first != BYTE_ORDER_MARK) {
            reader.unread(first);
        }
        return reader;
    }

    private static Json readValue(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> readList(parser);
            case VALUE_STRING -> new Json.Text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.NumberText(parser.getText());
            case VALUE_TRUE -> new Json.Flag(true);
            case VALUE_FALSE -> new Json.Flag(false);
            case VALUE_NULL -> new Json.Nothing();
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("not a value: " + parser.currentToken());
        };
    }

    private static Json.ObjectValue readObject(JsonParser parser) throws IOException {
        SequencedMap<String, Json> members = new LinkedHashMap<>();
        SequencedSet<String> duplicates = new LinkedHashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            if (members.put(key, readValue(parser)) != null) {
                duplicates.add(key);
            }
        }
        return new Json.ObjectValue(members, duplicates);
    }

    private static Json.ListValue readList(JsonParser parser) throws IOException {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(readValue(parser));
        }
        return new Json.ListValue(items);
    }

    private static String position(JsonProcessingException problem) {
        return Optional.ofNullable(problem.getLocation())
                .map(ConfigReader::position)
                .orElse("at an unknown place");
    }

    private static String position(JsonLocation location) {
        return "at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static ConfigException refuse(String problem) {
        return new ConfigException(List.of(problem), false);
    }
}
