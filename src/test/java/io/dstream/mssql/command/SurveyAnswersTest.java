package io.dstream.mssql.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SurveyAnswersTest {

    private static final Finding FINDING = Finding.error("database", "nobody answers", "start it");

    private static Survey survey(TableState... tables) {
        return new Survey(Optional.empty(), Optional.empty(), List.of(tables), List.of(FINDING));
    }

    @Test
    void hasNoEmptyLinesWhereNobodyAnswers() {
        assertThat(new PlanAnswer(survey()).text()).isEqualTo(FINDING.text() + "\nA run would not work as it is");
        assertThat(new StatusAnswer(survey()).text()).isEqualTo(FINDING.text());
    }

    @Test
    void hasAnEmptyLineBetweenTablesAndFindings() {
        TableState table = TableState.unknown("dbo.orders", "stop with an error");

        assertThat(new PlanAnswer(survey(table)).text())
                .startsWith("TABLE")
                .endsWith("\n\n" + FINDING.text() + "\nA run would not work as it is");
        assertThat(new StatusAnswer(survey(table)).text()).startsWith("TABLE").endsWith("\n\n" + FINDING.text());
    }
}
