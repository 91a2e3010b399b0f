package io.dstream.mssql.command;

import io.dstream.mssql.cdc.CaptureHealth;
import io.dstream.mssql.cdc.DatabaseFacts;
import io.dstream.mssql.cdc.Lsn;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The database and its capture: what stands above the tables.
final class Heading {

    private Heading() {}

    /// Lines; none where the database did not answer.
    static List<String> text(Survey survey) {
        Optional<String> where = survey.facts()
                .map(facts -> "server " + facts.serverName() + ", database " + facts.databaseName() + ", user "
                        + facts.user());
        Optional<String> capture = survey.health().map(Heading::text);
        return List.of(where, capture).stream().flatMap(Optional::stream).toList();
    }

    private static String text(CaptureHealth health) {
        return "capture job " + health.captureJob().name().toLowerCase(Locale.ROOT)
                + ", behind by " + Words.of(health.latency())
                + ", newest LSN " + health.highestLsn().map(Lsn::toString).orElse("none yet")
                + health.age().map(age -> " (" + Words.of(age) + " ago)").orElse("")
                + ", retention " + Words.of(health.retention());
    }

    static Map<String, Object> json(Survey survey) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("server", survey.facts().map(DatabaseFacts::serverName));
        json.put("database", survey.facts().map(DatabaseFacts::databaseName));
        json.put("user", survey.facts().map(DatabaseFacts::user));
        json.put("capture", survey.health().map(Heading::json));
        return json;
    }

    private static Map<String, Object> json(CaptureHealth health) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", health.captureJob().name().toLowerCase(Locale.ROOT));
        json.put("agent_running", health.agentRuns());
        json.put("latency_seconds", health.latency().map(Duration::toSeconds));
        json.put("newest_lsn", health.highestLsn().map(Lsn::toString));
        json.put("newest_age_seconds", health.age().map(Duration::toSeconds));
        json.put("retention_minutes", health.retention().map(Duration::toMinutes));
        return json;
    }
}
