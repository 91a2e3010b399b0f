package io.dstream.mssql.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What was done, and what could not be.
record StepsAnswer(List<Step> steps, List<Finding> findings) implements Answer {

    /// One thing that was made, was there, or is gone.
    record Step(Outcome outcome, String what) {
        private Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
            json.put("what", what);
            return json;
        }
    }

    /// What became of it.
    enum Outcome {
        MADE,
        /// It was there before.
        THERE,
        REMOVED,
        /// There was nothing to remove.
        ABSENT,
        /// It stays.
        KEPT
    }

    StepsAnswer {
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }

    @Override
    public boolean isGood() {
        return !Finding.anyError(findings);
    }

    @Override
    public String text() {
        List<String> lines = new ArrayList<>();
        if (!steps.isEmpty()) {
            TextTable table = new TextTable(List.of("OUTCOME", "WHAT"));
            steps.forEach(step -> table.row(List.of(step.outcome().name().toLowerCase(Locale.ROOT), step.what())));
            lines.add(table.toString());
        }
        findings.forEach(finding -> lines.add(finding.text()));
        return String.join("\n", lines);
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("steps", steps.stream().map(Step::json).toList());
        json.put("findings", findings.stream().map(Finding::json).toList());
        return json;
    }
}
