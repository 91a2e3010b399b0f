package io.dstream.mssql.config;

import io.dstream.mssql.config.IngesterConfig.PollingConfig;
import io.dstream.mssql.config.OutputConfig.OutputFormat;
import io.dstream.mssql.config.OutputConfig.OversizeChange;
import io.dstream.mssql.config.ReadingConfig.OnGap;
import io.dstream.mssql.config.ReadingConfig.ReadMode;
import io.dstream.mssql.config.ReadingConfig.StartFrom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/// Turns the JSON tree into checked records, section by section; defaults stand where each key is read. For one
/// configuration.
final class ConfigParser {

    private static final int SHORTEST_LINE_LIMIT = 1024;

    /// Tells editors which schema to check and complete by; says nothing to us.
    private static final String SCHEMA_OF_EDITORS = "$schema";

    private final Problems problems = new Problems();
    private final SecretSource secrets;

    ConfigParser(Map<String, String> environment) {
        this.secrets = new SecretSource(environment, problems);
    }

    /// `argument` is the command that the command line names.
    Launch parse(Json.ObjectValue tree, Optional<Command> argument) throws ConfigException {
        JsonObject root = new JsonObject(tree, "", problems);
        boolean configured = root.get("config").isPresent();
        boolean enveloped = configured || root.get("command").isPresent();
        Optional<Command> written = root.choice("command", Command.class);
        if (written.isPresent() && argument.isPresent() && !written.equals(argument)) {
            root.problem(
                    "command",
                    "says `" + written.get().text() + "` and the command line says `"
                            + argument.get().text() + "`; leave one of them out");
        }
        Optional<IngesterConfig> config = enveloped ? fromEnvelope(root) : config(root);
        problems.throwIfAny(enveloped);
        return new Launch(argument.or(() -> written).orElse(Command.RUN), enveloped, config.orElseThrow());
    }

    // Paths inside start anew: people know the keys of their configuration, not the envelope that the CLI puts around.
    private Optional<IngesterConfig> fromEnvelope(JsonObject root) {
        Optional<Json> given = root.get("config");
        root.text(SCHEMA_OF_EDITORS);
        root.refuseOtherKeys();
        if (given.isEmpty()) {
            root.problem("config", "is required beside `command`");
        }
        return given.flatMap(value -> {
            if (value instanceof Json.ObjectValue members) {
                return config(new JsonObject(members, "", problems));
            }
            root.problem("config", "must be an object, not " + value.kind());
            return Optional.empty();
        });
    }

    private Optional<IngesterConfig> config(JsonObject section) {
        Optional<ConnectionString> database = database(section);
        TablesConfig tables = new TableList(problems).parse(section);
        PollingConfig polling = polling(section);
        ReadingConfig reading = reading(section);
        OutputConfig output = output(section);
        Optional<LockConfig> lock = new LockSection(secrets).parse(section);
        section.text(SCHEMA_OF_EDITORS);
        section.refuseOtherKeys();
        return database.flatMap(
                found -> lock.map(locks -> new IngesterConfig(found, tables, polling, reading, output, locks)));
    }

    private Optional<ConnectionString> database(JsonObject section) {
        String key = "db_connection_string";
        if (section.get(key).isEmpty()) {
            section.problem(key, "is required");
        }
        return section.secret(key, secrets)
                .flatMap(secret -> ConnectionStringParser.parse(secret, text -> section.problem(key, text)));
    }

    private static PollingConfig polling(JsonObject section) {
        Duration interval = section.duration("poll_interval", Duration.ofSeconds(5));
        Duration maxInterval = section.duration("max_poll_interval", Duration.ofMinutes(5));
        Duration checkpointInterval = section.duration("checkpoint_interval", Duration.ofSeconds(1));
        if (!interval.isPositive()) {
            section.problem("poll_interval", "must be more than 0, not " + DurationText.format(interval));
        }
        if (maxInterval.compareTo(interval) < 0) {
            section.problem(
                    "max_poll_interval",
                    DurationText.format(maxInterval) + " is less than poll_interval, " + DurationText.format(interval));
        }
        if (checkpointInterval.isNegative()) {
            section.problem(
                    "checkpoint_interval", "must not be negative, not " + DurationText.format(checkpointInterval));
        }
        return new PollingConfig(interval, maxInterval, checkpointInterval, section.flag("stop_when_caught_up", false));
    }

    private static ReadingConfig reading(JsonObject section) {
        ReadMode mode = section.choice("read_mode", ReadMode.class).orElse(ReadMode.FUNCTION);
        boolean beforeImages = section.flag("before_images", false);
        return new ReadingConfig(
                mode,
                section.choice("start_from", StartFrom.class).orElse(StartFrom.EARLIEST),
                section.choice("on_gap", OnGap.class).orElse(OnGap.FAIL),
                beforeImages,
                timeZone(section));
    }

    private static Optional<ZoneId> timeZone(JsonObject section) {
        String key = "server_time_zone";
        return section.text(key).flatMap(text -> {
            try {
                return Optional.of(ZoneId.of(text));
            } catch (DateTimeException _) {
                section.problem(key, Problems.quote(text) + " is not a time zone such as UTC, Europe/Berlin or +02:00");
                return Optional.empty();
            }
        });
    }

    private static OutputConfig output(JsonObject section) {
        OutputFormat format =
                section.choice("output_format", OutputFormat.class).orElse(OutputFormat.ENVELOPE);
        OversizeChange oversize =
                section.choice("oversize_change", OversizeChange.class).orElse(OversizeChange.FAIL);
        return new OutputConfig(format, maxLineBytes(section), oversize, section.flag("decimals_as_strings", false));
    }

    private static int maxLineBytes(JsonObject section) {
        int bytes = section.wholeNumber("max_line_bytes").orElse(60_000);
        if (bytes != 0 && bytes < SHORTEST_LINE_LIMIT) {
            section.problem(
                    "max_line_bytes", "must be 0 (no limit) or at least " + SHORTEST_LINE_LIMIT + ", not " + bytes);
        }
        return bytes;
    }
}
