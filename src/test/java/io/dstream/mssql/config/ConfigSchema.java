package io.dstream.mssql.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// `config/config.schema.json` as an independent validator reads it.
final class ConfigSchema {

    static final Path FILE = Path.of("config/config.schema.json");

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final JsonNode TREE = tree();
    private static final JsonSchema SCHEMA = FACTORY.getSchema(TREE);

    private ConfigSchema() {}

    private static JsonNode tree() {
        try {
            return MAPPER.readTree(Files.readString(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is wrong with a configuration; empty when nothing is.
    static List<String> problems(String json) {
        return messages(SCHEMA, json);
    }

    /// What is wrong with the schema itself.
    static List<String> problemsOfItself() {
        return messages(FACTORY.getSchema(SchemaLocation.of(SchemaId.V202012)), TREE.toString());
    }

    private static List<String> messages(JsonSchema schema, String json) {
        try {
            return schema.validate(MAPPER.readTree(json)).stream()
                    .map(ValidationMessage::getMessage)
                    .toList();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The properties of one of its definitions.
    static JsonNode properties(String definition) {
        return TREE.at("/$defs/" + definition + "/properties");
    }

    /// Their names.
    static Set<String> keys(String definition) {
        Set<String> keys = new TreeSet<>();
        properties(definition).fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}
