package io.dstream.mssql.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/// One object of the configuration, read key by key into typed values. What does not fit becomes a problem with its
/// path, and the default stands in so that reading goes on.
///
/// A key is known when somebody asked for it: ask for all of them, then call [#refuseOtherKeys]. Numbers and booleans
/// may also stand in strings, as HCL sends them; nothing else is converted.
final class JsonObject {

    private final Json.ObjectValue value;
    private final String path;
    private final Problems problems;
    private final SequencedSet<String> asked = new LinkedHashSet<>();

    JsonObject(Json.ObjectValue value, String path, Problems problems) {
        this.value = value;
        this.path = path;
        this.problems = problems;
        value.duplicates().forEach(key -> problem(key, "is given twice"));
    }

    /// The path of a key in here: `lock_config.type`.
    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// Reports a problem of this key. Never with a value that may be a secret.
    void problem(String key, String text) {
        problems.add(pathOf(key), text);
    }

    /// The value of a key; null is the same as absent.
    Optional<Json> get(String key) {
        asked.add(key);
        return Optional.ofNullable(value.members().get(key)).filter(given -> !(given instanceof Json.Nothing));
    }

    Optional<String> text(String key) {
        return get(key).flatMap(given -> {
            if (given instanceof Json.Text(String text)) {
                return Optional.of(text);
            }
            problem(key, "must be a string, not " + given.kind());
            return Optional.empty();
        });
    }

    boolean flag(String key, boolean otherwise) {
        return get(key).map(given -> switch (given) {
                    case Json.Flag(boolean flag) -> flag;
                    case Json.Text(String text) when text.equals("true") -> true;
                    case Json.Text(String text) when text.equals("false") -> false;
                    default -> {
                        problem(key, "must be true or false, not " + shown(given));
                        yield otherwise;
                    }
                })
                .orElse(otherwise);
    }

    OptionalInt wholeNumber(String key) {
        Optional<Json> given = get(key);
        if (given.isEmpty()) {
            return OptionalInt.empty();
        }
        String digits = switch (given.get()) {
            case Json.NumberText(String number) -> number;
            case Json.Text(String text) -> text;
            default -> "";
        };
        if (digits.matches("-?[0-9]{1,18}")) {
            long number = Long.parseLong(digits);
            if (number == (int) number) {
                return OptionalInt.of((int) number);
            }
        }
        problem(key, "must be a whole number of at most " + Integer.MAX_VALUE + ", not " + shown(given.get()));
        return OptionalInt.empty();
    }

    Duration duration(String key, Duration otherwise) {
        return text(key)
                .map(text -> DurationText.parse(text).orElseGet(() -> {
                    problem(key, Problems.quote(text) + " is not a duration such as 300ms, 5s, 1m30s or 1h");
                    return otherwise;
                }))
                .orElse(otherwise);
    }

    /// One of the enum's constants, by its lower-case name.
    <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        return text(key).flatMap(text -> {
            Optional<E> chosen = constants.stream()
                    .filter(constant -> nameOf(constant).equals(text))
                    .findFirst();
            if (chosen.isEmpty()) {
                problem(key, Problems.quote(text) + " is not one of " + namesOf(type));
            }
            return chosen;
        });
    }

    /// A value that may be a secret: a string, or where to find it. A blank one is a problem.
    Optional<Secret> secret(String key, SecretSource source) {
        return get(key).flatMap(given -> switch (given) {
            case Json.Text(String text)
            when text.isBlank() -> {
                problem(key, "is empty");
                yield Optional.empty();
            }
            case Json.Text(String text) -> Optional.of(new Secret(text));
            case Json.ObjectValue reference -> secretElsewhere(key, reference, source);
            default -> {
                problem(key, "must be a string, {\"env\": \"NAME\"} or {\"file\": \"path\"}, not " + given.kind());
                yield Optional.empty();
            }
        });
    }

    private Optional<Secret> secretElsewhere(String key, Json.ObjectValue reference, SecretSource source) {
        JsonObject where = new JsonObject(reference, pathOf(key), problems);
        Optional<String> variable = where.text("env");
        Optional<String> file = where.text("file");
        where.refuseOtherKeys();
        if (where.get("env").isPresent() == where.get("file").isPresent()) {
            problem(key, "must name either `env` or `file`");
            return Optional.empty();
        }
        return variable.flatMap(name -> source.fromEnvironment(pathOf(key), name))
                .or(() -> file.flatMap(name -> source.fromFile(pathOf(key), name)));
    }

    Optional<JsonObject> object(String key) {
        return get(key).flatMap(given -> {
            if (given instanceof Json.ObjectValue members) {
                return Optional.of(new JsonObject(members, pathOf(key), problems));
            }
            problem(key, "must be an object, not " + given.kind());
            return Optional.empty();
        });
    }

    /// Reports every key nobody asked for, with the one that was probably meant.
    void refuseOtherKeys() {
        for (String key : value.members().keySet()) {
            if (!asked.contains(key)) {
                String hint = NearestName.to(key, asked)
                        .map(near -> "did you mean `" + near + "`?")
                        .orElseGet(() -> "known keys are " + String.join(", ", asked));
                problem(key, "unknown key " + Problems.quote(key) + "; " + hint);
            }
        }
    }

    static <E extends Enum<E>> String namesOf(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(JsonObject::nameOf).collect(Collectors.joining(", "));
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String shown(Json given) {
        return switch (given) {
            case Json.Text(String text) -> Problems.quote(text);
            case Json.NumberText(String number) -> Problems.quote(number);
            default -> given.kind();
        };
    }
}
