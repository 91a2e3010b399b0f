package io.dstream.mssql.command;

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
        List<String> errors = errors().stream().map(Finding::text).toList();
        return Words.paragraphs(List.of(Heading.text(survey), table(), errors));
    }

    private List<String> table() {
        if (survey.tables().isEmpty()) {
            return List.of();
        }
        TextTable table = new TextTable(TableState.header());
        survey.tables().forEach(state -> table.row(state.cells()));
        return List.of(table.toString());
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
