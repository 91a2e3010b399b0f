package io.dstream.mssql.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where a value that is not in the configuration itself comes from: `{"env": "NAME"}` or `{"file": "path"}`.
final class SecretSource {

    private final Map<String, String> environment;
    private final Problems problems;

    SecretSource(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /// The variable's value. Not set or blank is a problem that names it.
    Optional<Secret> fromEnvironment(String path, String name) {
        Optional<String> value = Optional.ofNullable(environment.get(name));
        if (value.isEmpty()) {
            problems.add(path, "environment variable " + Problems.quote(name) + " is not set");
        }
        return value.flatMap(text -> notBlank(path, "environment variable " + Problems.quote(name), text));
    }

    /// The file's content in UTF-8 without the last line end, which editors and `echo` add.
    Optional<Secret> fromFile(String path, String file) {
        String name = "file " + Problems.quote(file);
        try {
            return notBlank(path, name, withoutLastLineEnd(Files.readString(Path.of(file))));
        } catch (NoSuchFileException _) {
            problems.add(path, name + " does not exist");
        } catch (CharacterCodingException _) {
            problems.add(path, name + " is not UTF-8 text");
        } catch (IOException | InvalidPathException e) {
            problems.add(path, name + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        return Optional.empty();
    }

    private Optional<Secret> notBlank(String path, String where, String text) {
        if (text.isBlank()) {
            problems.add(path, where + " is empty");
            return Optional.empty();
        }
        return Optional.of(new Secret(text));
    }

    private static String withoutLastLineEnd(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
