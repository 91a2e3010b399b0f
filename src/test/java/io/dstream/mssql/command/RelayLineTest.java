package io.dstream.mssql.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.command.StepsAnswer.Outcome;
import io.dstream.mssql.command.StepsAnswer.Step;
import io.dstream.mssql.output.JsonText;
import io.dstream.mssql.testing.Envelopes;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RelayLineTest {

    private static final List<TableState> TABLES = IntStream.range(0, 1000)
            .mapToObj(i -> TableState.unknown(name(i), "stop with an error"))
            .toList();

    private static String name(int table) {
        return new TableName("dbo", "bestellung_\u00e4\u00f6\u00fc_" + table).toString();
    }

    private static Survey survey(List<Finding> findings) {
        return new Survey(Optional.empty(), Optional.empty(), TABLES, findings);
    }

    private static JsonNode cut(Answer answer) {
        String line = RelayLine.of(answer.json());
        assertThat(line.getBytes(UTF_8)).hasSizeBetween(55_000, 59_999);
        return Envelopes.parse(line);
    }

    @Test
    void whatIsShortStaysWhole() {
        Answer answer = new StepsAnswer(List.of(new Step(Outcome.MADE, "table cdc_offsets")), List.of());

        assertThat(RelayLine.of(answer.json())).isEqualTo(JsonText.of(answer.json()));
    }

    @Test
    void tablesThatNothingWasFoundAboutGoFirst() {
        Finding finding = Finding.error(name(999), "there is no such table", "make it");

        JsonNode plan = cut(new PlanAnswer(survey(List.of(finding))));
        assertThat(plan.path("tables").size() + plan.path("tables_left_out").asInt())
                .isEqualTo(1000);
        assertThat(plan.path("tables").get(0).path("table").asText()).isEqualTo(name(0));
        assertThat(plan.path("tables").findValuesAsText("table")).endsWith(name(999));
        assertThat(plan.path("findings")).hasSize(1);
        assertThat(plan.has("findings_left_out")).isFalse();

        JsonNode status = cut(new StatusAnswer(survey(List.of(finding))));
        assertThat(status.path("tables").findValuesAsText("table")).endsWith(name(999));
    }

    @Test
    void errorsStayLongestOfWhatWasFound() {
        List<Finding> findings = IntStream.range(0, 1000)
                .mapToObj(i -> i % 2 == 0
                        ? Finding.info(name(i), "x".repeat(50))
                        : Finding.error(name(i), "x".repeat(50), "y".repeat(50)))
                .toList();

        JsonNode plan = cut(new PlanAnswer(survey(findings)));
        assertThat(plan.path("tables")).isEmpty();
        assertThat(plan.path("tables_left_out").asInt()).isEqualTo(1000);
        assertThat(plan.path("findings").findValuesAsText("severity")).containsOnly("error");
        assertThat(plan.path("findings").size() + plan.path("findings_left_out").asInt())
                .isEqualTo(1000);

        JsonNode status = cut(new StatusAnswer(survey(findings)));
        assertThat(status.path("errors").size() + status.path("errors_left_out").asInt())
                .isEqualTo(500);
    }

    @Test
    void stepsGoBeforeWhatWasFound() {
        List<Step> steps = IntStream.range(0, 1000)
                .mapToObj(i -> new Step(Outcome.REMOVED, "position of " + name(i) + " in cdc_offsets"))
                .toList();

        JsonNode destroyed = cut(new StepsAnswer(steps, List.of(Finding.error("destroy", "refused", "wait"))));
        assertThat(destroyed.path("steps").size()
                        + destroyed.path("steps_left_out").asInt())
                .isEqualTo(1000);
        assertThat(destroyed.path("findings")).hasSize(1);
    }
}
