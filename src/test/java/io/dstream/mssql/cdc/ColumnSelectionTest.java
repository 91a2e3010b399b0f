package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.cdc.CaptureInstances.Watermarked;
import io.dstream.mssql.cdc.CapturedColumn.SqlType;
import io.dstream.mssql.config.ColumnChoice;
import io.dstream.mssql.config.ColumnChoice.AllBut;
import io.dstream.mssql.config.ColumnChoice.Only;
import io.dstream.mssql.failure.PermanentFailure;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ColumnSelectionTest {

    private static final TableName TABLE = new TableName("dbo", "t");

    private static ColumnSelection only(String... names) {
        return new ColumnSelection(TABLE, new Only(List.of(names)));
    }

    private static ColumnSelection allBut(String... names) {
        return new ColumnSelection(TABLE, new AllBut(List.of(names), true));
    }

    private static Watermarked instance(ColumnSelection selection, String name, String... columns)
            throws PermanentFailure {
        int id = name.hashCode();
        List<CapturedColumn> captured = IntStream.range(0, columns.length)
                .mapToObj(i -> new CapturedColumn(columns[i], i + 1, new SqlType("int", 4, 10, 0), false))
                .toList();
        return new Watermarked(new CaptureInstance(TABLE, name, id, selection.of(name, id, captured)), new Lsn(1, 1));
    }

    private static List<String> chosen(ColumnSelection selection, String... columns) throws PermanentFailure {
        return instance(selection, "ci", columns).instance().columns().stream()
                .map(column -> column.name() + column.ordinal())
                .toList();
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatExceptionOfType(PermanentFailure.class).isThrownBy(call).withMessage(message);
    }

    @Test
    void keepsOrderAndOrdinalsOfTheCaptureInstance() throws Exception {
        assertThat(chosen(only("c", "A"), "a", "b", "c")).containsExactly("a1", "c3");
        assertThat(chosen(allBut("A"), "a", "b", "c")).containsExactly("b2", "c3");
        assertThat(chosen(new ColumnSelection(TABLE, new ColumnChoice.All()), "a", "b"))
                .containsExactly("a1", "b2");
    }

    @Test
    void theExactNameComesBeforeOneThatDiffersInCase() throws Exception {
        assertThat(chosen(only("id"), "Id", "id")).containsExactly("id2");
        assertRefused(
                () -> chosen(only("ID"), "Id", "id"),
                "table dbo.t: column ID of columns could be any of Id, id of capture instance ci; write it in its exact"
                        + " case");
    }

    @Test
    void somethingMustBeLeft() {
        assertRefused(
                () -> chosen(allBut("a", "b"), "a", "b"),
                "table dbo.t: exclude_columns leaves no column of capture instance ci, which captures a, b");
    }

    @Test
    void aNameThatNoInstanceHasIsRefused() throws Exception {
        ColumnSelection selection = only("a", "x");
        List<Watermarked> both = List.of(instance(selection, "v1", "a"), instance(selection, "v2", "a", "b"));
        assertRefused(
                () -> selection.requireNamesKnown(both),
                "table dbo.t: column x of columns is not captured; captured columns are: v1 (a); v2 (a, b)");

        ColumnSelection excluding = allBut("x");
        List<Watermarked> one = List.of(instance(excluding, "v1", "a"));
        assertRefused(
                () -> excluding.requireNamesKnown(one),
                "table dbo.t: column x of exclude_columns is not captured; captured columns are: v1 (a)");

        ColumnSelection ofWildcard = new ColumnSelection(TABLE, new AllBut(List.of("x"), false));
        List<Watermarked> other = List.of(instance(ofWildcard, "v1", "a"));
        assertThatCode(() -> ofWildcard.requireNamesKnown(other)).doesNotThrowAnyException();
    }

    @Test
    void aColumnThatWasAddedLaterMayBeMissingFromTheOlderInstance() throws Exception {
        ColumnSelection selection = only("a", "b");
        Watermarked older = instance(selection, "v1", "a");
        List<Watermarked> both = List.of(older, instance(selection, "v2", "a", "b"));

        assertThatCode(() -> selection.requireNamesKnown(both)).doesNotThrowAnyException();
        assertThatCode(() -> selection.requireNothingLost(older, both)).doesNotThrowAnyException();
    }

    @Test
    void aColumnThatTheNewerInstanceLacksStopsTheTableThereAndNotBefore() throws Exception {
        ColumnSelection selection = only("a", "b");
        Watermarked older = instance(selection, "v1", "a", "b");
        Watermarked newer = instance(selection, "v2", "a", "c");
        List<Watermarked> both = List.of(older, newer);

        assertThatCode(() -> selection.requireNothingLost(older, both)).doesNotThrowAnyException();
        assertRefused(
                () -> selection.requireNothingLost(newer, both),
                "table dbo.t: column b of columns is not captured by the capture instance that is to be read next, v2"
                        + " (a, c); take the name out of columns if the column is gone, correct it if the column was"
                        + " renamed, or make a capture instance that has it");
    }

    @Test
    void anExcludedColumnMayGo() throws Exception {
        ColumnSelection selection = allBut("b");
        List<Watermarked> both = List.of(instance(selection, "v1", "a", "b"), instance(selection, "v2", "a"));

        assertThatCode(() -> selection.requireNothingLost(both.getLast(), both)).doesNotThrowAnyException();
    }
}
