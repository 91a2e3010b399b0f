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
        List<String> parts = new ArrayList<>(Heading.text(survey));
        if (!survey.tables().isEmpty()) {
            TextTable table = new TextTable(List.of("TABLE", "A RUN WOULD", "INSTANCE", "LOCK"));
            survey.tables()
                    .forEach(state -> table.row(List.of(
                            state.table(),
                            state.next(),
                            state.instance().map(Instance::name).orElse(Words.NOTHING),
                            state.lockText())));
            parts.add("");
            parts.add(table.toString());
        }
        parts.add("");
        survey.findings().forEach(finding -> parts.add(finding.text()));
        parts.add(survey.isGood() ? "Nothing is in the way of a run" : "A run would not work as it is");
        return String.join("\n", parts);
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
