package io.dstream.mssql.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the command line says. DStream gives no arguments; they are for people, and for orchestrators that mount a
/// file. `config` is that file, read instead of stdin.
public record Arguments(
        Optional<Command> command,
        Optional<String> config,
        boolean help,
        boolean version,
        boolean json,
        boolean enableCdc) {

    /// None.
    public static final Arguments NONE = new Arguments(Optional.empty(), Optional.empty(), false, false, false, false);

    private static final String HELP = "--help";
    private static final String VERSION = "--version";
    private static final String AS_JSON = "--json";
    private static final String ENABLE_CDC = "--enable-cdc";
    private static final String CONFIG = "--config";
    private static final List<String> OPTIONS = List.of(HELP, VERSION, AS_JSON, ENABLE_CDC);

    /// Throws [ConfigException], with every problem, for arguments that nobody knows or that do not go
    /// together.
    public static Arguments parse(List<String> given) throws ConfigException {
        Problems problems = new Problems();
        List<String> words = new ArrayList<>(given);
        Optional<String> config = takeConfig(words, problems);
        words.removeAll(OPTIONS);
        List<Command> commands = new ArrayList<>();
        for (String word : words) {
            command(word).ifPresentOrElse(commands::add, () -> problems.add("", unknown(word)));
        }
        if (commands.size() > 1) {
            problems.add("", "one command at a time, not " + commands.size());
        }
        Optional<Command> command = commands.stream().findFirst();
        boolean enableCdc = given.contains(ENABLE_CDC);
        if (enableCdc && problems.isEmpty() && !command.equals(Optional.of(Command.INIT))) {
            problems.add("", "`" + ENABLE_CDC + "` goes with the argument `init` alone");
        }
        problems.throwIfAny(false);
        return new Arguments(
                command, config, given.contains(HELP), given.contains(VERSION), given.contains(AS_JSON), enableCdc);
    }

    private static Optional<String> takeConfig(List<String> words, Problems problems) {
        int at = words.indexOf(CONFIG);
        if (at < 0) {
            return Optional.empty();
        }
        words.remove(at);
        if (at == words.size() || words.get(at).startsWith("--") || words.contains(CONFIG)) {
            problems.add("", "`" + CONFIG + "` is followed by one file, and given once");
            words.clear();
            return Optional.empty();
        }
        return Optional.of(words.remove(at));
    }

    private static Optional<Command> command(String word) {
        return Arrays.stream(Command.values())
                .filter(command -> command.text().equals(word))
                .findFirst();
    }

    private static String unknown(String word) {
        List<String> known = Stream.of(
                        Arrays.stream(Command.values()).map(Command::text), Stream.of(CONFIG), OPTIONS.stream())
                .flatMap(names -> names)
                .toList();
        return "unknown argument " + Problems.quote(word)
                + NearestName.to(word.replaceFirst("=.*", "").toLowerCase(Locale.ROOT), known)
                        .map(nearest -> "; did you mean `" + nearest + "`?")
                        .orElseGet(() -> "; known are " + known.stream().collect(Collectors.joining(", ")));
    }
}
