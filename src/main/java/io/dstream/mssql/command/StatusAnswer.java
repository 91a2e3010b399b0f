package io.dstream.mssql.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How far each table is, and what is broken.
record StatusAnswer(Survey survey) implements Answer {

    @Override
    public boolean isGood() {
        return survey.isGood();
    }

    @Override
    public String text() {
        List<String> parts = new ArrayList<>(Heading.text(survey));
        if (!survey.tables().isEmpty()) {
            TextTable table = new TextTable(TableState.header());
            survey.tables().forEach(state -> table.row(state.cells()));
            parts.add("");
            parts.add(table.toString());
        }
        List<Finding> errors = errors();
        if (!errors.isEmpty()) {
            parts.add("");
            errors.forEach(error -> parts.add(error.text()));
        }
        return String.join("\n", parts);
    }

    private List<Finding> errors() {
        return survey.findings().stream().filter(Finding::isError).toList();
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>(Heading.json(survey));
        json.put("tables", survey.tables().stream().map(TableState::json).toList());
        json.put("errors", errors().stream().map(Finding::json).toList());
        return json;
    }
}
