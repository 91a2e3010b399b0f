package io.dstream.mssql.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The verdict must not be kinder than [Difference] says.
class VerdictTest {

    private static final JudgedTable PLAIN = JudgedTable.plain();
    private static final JudgedTable LARGE = JudgedTable.large();
    private static final JudgedTable KINDS = JudgedTable.kinds();

    private final Verdict verdict = new Verdict(QueryMode.FUNCTION);

    private static PeerChange change(String operation, String seqval, Map<String, String> values) {
        boolean update = operation.equals("update");
        return new PeerChange(
                "plain",
                operation,
                "0000002c:00000118:0001",
                seqval,
                5,
                new TreeMap<>(values),
                new TreeMap<>(update ? values : Map.of()));
    }

    private static PeerChange insert(String column, String value) {
        return change("insert", "1", Map.of(column, value));
    }

    private void differs(JudgedTable table, List<PeerChange> ours, List<PeerChange> theirs, String what) {
        assertThatThrownBy(() -> verdict.requireSame(table, ours, theirs))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("table " + table.qualified() + ", change ")
                .hasMessageContaining(what);
    }

    @Test
    void findsWhatIsMissingRepeatedOrOutOfOrder() {
        PeerChange first = change("insert", "1", Map.of("id", "1"));
        PeerChange second = change("insert", "2", Map.of("id", "2"));
        assertThatCode(() -> verdict.requireSame(PLAIN, List.of(first, second), List.of(first, second)))
                .doesNotThrowAnyException();
        differs(PLAIN, List.of(first), List.of(first, second), "change 1 of 1 and 2: there or not");
        differs(PLAIN, List.of(first, first), List.of(first), "change 1 of 2 and 1: there or not");
        differs(PLAIN, List.of(first, second), List.of(second, first), "change 0 of 2 and 2: seqval");
    }

    @Test
    void findsAnotherOperationLsnTimeOrValue() {
        PeerChange insert = insert("v", "a");
        differs(PLAIN, List.of(insert), List.of(change("delete", "1", Map.of("v", "a"))), "operation");
        differs(
                PLAIN,
                List.of(insert),
                List.of(new PeerChange("plain", "insert", "other", "1", 5, insert.values(), insert.before())),
                "commit LSN");
        PeerChange later =
                new PeerChange("plain", "insert", insert.commitLsn(), "1", 6, insert.values(), insert.before());
        differs(PLAIN, List.of(insert), List.of(later), "commit time");
        differs(PLAIN, List.of(insert), List.of(insert("v", "A")), "AFTER column v: a against A");
        differs(PLAIN, List.of(insert), List.of(insert("w", "a")), "no such column");
        differs(PLAIN, List.of(insert), List.of(insert("v", PeerChange.NULL)), "AFTER column v");
    }

    @Test
    void knowsEarlierTimesInDirectModeOnly() {
        PeerChange insert = insert("v", "a");
        PeerChange earlier =
                new PeerChange("plain", "insert", insert.commitLsn(), "1", 4, insert.values(), insert.before());
        Verdict direct = new Verdict(QueryMode.DIRECT);
        direct.requireSame(PLAIN, List.of(insert), List.of(earlier));
        assertThat(direct.differences()).hasToString("{BEGIN_TIME_IN_DIRECT_MODE=1}");
        assertThatThrownBy(() -> direct.requireSame(PLAIN, List.of(earlier), List.of(insert)))
                .hasMessageContaining("commit time");
        differs(PLAIN, List.of(insert), List.of(earlier), "commit time");
    }

    @Test
    void forgivesMissingValuesOnlyWhereCaptureHasNone() {
        PeerChange missing = change("delete", "1", Map.of("c_text", PeerChange.UNAVAILABLE));
        PeerChange asNull = change("delete", "1", Map.of("c_text", PeerChange.NULL));
        verdict.requireSame(LARGE, List.of(missing), List.of(asNull));
        verdict.requireSame(LARGE, List.of(missing), List.of(missing));
        differs(LARGE, List.of(asNull), List.of(missing), "DELETED column c_text");
        PeerChange wasNull = updated(PeerChange.NULL);
        verdict.requireSame(KINDS, List.of(wasNull), List.of(updated(PeerChange.UNAVAILABLE)));
        differs(LARGE, List.of(wasNull), List.of(updated(PeerChange.UNAVAILABLE)), "BEFORE column c_text");
        differs(
                LARGE,
                List.of(insert("c_text", PeerChange.UNAVAILABLE)),
                List.of(insert("c_text", PeerChange.NULL)),
                "AFTER column c_text");
        differs(
                LARGE,
                List.of(change("delete", "1", Map.of("number", PeerChange.UNAVAILABLE))),
                List.of(change("delete", "1", Map.of("number", PeerChange.NULL))),
                "DELETED column number");
        differs(
                LARGE,
                List.of(missing),
                List.of(change("delete", "1", Map.of("c_text", "a"))),
                "DELETED column c_text");
    }

    @Test
    void forgivesTimesOnlyByTheLawsOfJavasOldCalendar() {
        same("c_date", "1582-10-10", "1582-10-20");
        same("c_datetime2_3_", "1582-10-10T12:00", "1582-10-20T12:00");
        same("c_datetimeoffset_3_", "1969-07-20T20:17:40.120-05:00", "1969-07-20T20:17:41.120-05:00");
        assertThat(verdict.differences()).hasToString("{CALENDAR=2, SECOND_BEFORE_1970=1}");
        differs(KINDS, "c_date", "1582-10-10", "1582-10-21");
        differs(KINDS, "c_date", "2025-10-10", "2025-10-20");
        differs(KINDS, "c_datetimeoffset_3_", "1969-07-20T20:17:40-05:00", "1969-07-20T20:17:41-05:00");
        differs(KINDS, "c_datetimeoffset_3_", "1971-07-20T20:17:40.120-05:00", "1971-07-20T20:17:41.120-05:00");
    }

    private static PeerChange updated(String textBefore) {
        return new PeerChange(
                "any", "update", "1", "1", 5, new TreeMap<>(), new TreeMap<>(Map.of("c_text", textBefore)));
    }

    private void same(String column, String ours, String theirs) {
        verdict.requireSame(KINDS, List.of(insert(column, ours)), List.of(insert(column, theirs)));
    }

    private void differs(JudgedTable table, String column, String ours, String theirs) {
        differs(table, List.of(insert(column, ours)), List.of(insert(column, theirs)), "AFTER column " + column);
    }
}
