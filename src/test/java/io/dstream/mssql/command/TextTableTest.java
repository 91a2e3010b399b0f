package io.dstream.mssql.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TextTableTest {

    @Test
    void alignsColumnsAndLeavesNoSpacesBehind() {
        TextTable table = new TextTable(List.of("A", "LONG NAME", "C"))
                .row(List.of("a wide cell", "b", "c"))
                .row(List.of("a", "", ""));

        assertThat(table).hasToString("""
                A            LONG NAME  C
                a wide cell  b          c
                a""");
    }

    @Test
    void countsLettersAndNotTheirHalves() {
        assertThat(new TextTable(List.of("A", "B")).row(List.of("\uD83D\uDE00", "b")))
                .hasToString("""
                A   B
                \uD83D\uDE00  b""".replace("A   B", "A  B"));
    }

    @Test
    void refusesARowOfAnotherLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextTable(List.of("A", "B")).row(List.of("a")))
                .withMessage("a row has 1 cells and not 2");
    }
}
