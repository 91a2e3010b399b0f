package io.dstream.mssql.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.command.StepsAnswer.Outcome;
import io.dstream.mssql.command.StepsAnswer.Step;
import io.dstream.mssql.output.JsonText;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StepsAnswerTest {

    @Test
    void isGoodUnlessAFindingIsAnError() {
        Finding warning = Finding.warning("locks", "they are slow", "wait");
        Finding error = Finding.error("locks", "they are gone", "make them");

        assertThat(new StepsAnswer(List.of(), List.of(warning)).isGood()).isTrue();
        assertThat(new StepsAnswer(List.of(), List.of(warning, error)).isGood()).isFalse();
    }

    @Test
    void saysTheSameInTextAndJson() {
        StepsAnswer answer = new StepsAnswer(
                List.of(new Step(Outcome.MADE, "table \"t\"")), List.of(Finding.info("locks", "there are none")));

        assertThat(answer.text()).isEqualTo("""
                OUTCOME  WHAT
                made     table "t"
                INFO  locks: there are none""");
        assertThat(JsonText.of(answer.json()))
                .isEqualTo(
                        "{\"steps\":[{\"outcome\":\"made\",\"what\":\"table \\\"t\\\"\"}],\"findings\":[{"
                                + "\"severity\":\"info\",\"subject\":\"locks\",\"problem\":\"there are none\",\"mend\":null}]}");
    }
}
