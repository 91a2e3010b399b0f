package io.dstream.mssql.command;

import io.dstream.mssql.cdc.TableSurvey.Instance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a run would do, and everything that is in its way.
record PlanAnswer(Survey survey) implements Answer {

    @Override
    public boolean isGood() {
        return survey.isGood();
    }

    @Override
    public String text() {
        List<String> found = new ArrayList<>();
        survey.findings().forEach(finding -> found.add(finding.text()));
        found.add(survey.isGood() ? "Nothing is in the way of a run" : "A run would not work as it is");
        return Words.paragraphs(List.of(Heading.text(survey), table(), found));
    }

    private List<String> table() {
        if (survey.tables().isEmpty()) {
            return List.of();
        }
        TextTable table = new TextTable(List.of("TABLE", "A RUN WOULD", "INSTANCE", "LOCK"));
        survey.tables()
                .forEach(state -> table.row(List.of(
                        state.table(),
                        state.next(),
                        state.instance().map(Instance::name).orElse(Words.NOTHING),
                        state.lockText())));
        return List.of(table.toString());
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>(Heading.json(survey));
        json.put("tables", survey.tables().stream().map(PlanAnswer::json).toList());
        json.put("findings", survey.findings().stream().map(Finding::json).toList());
        return json;
    }

    private static Map<String, Object> json(TableState state) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", state.table());
        json.put("next", state.next());
        state.json().forEach(json::putIfAbsent);
        return json;
    }
}
