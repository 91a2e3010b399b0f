package io.dstream.mssql.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.standin.wire.SqlColumn;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowLayoutTest {

    @Test
    void hasTheKeysInTheOrderOfTheQuestion() {
        RowLayout layout = RowLayout.of("""
                SELECT c.[__$start_lsn], c.[__$seqval], c.[__$operation],
                       COALESCE(c.[__$command_id], -1) AS command_id, c.[__$update_mask], c.[id], c.[name]
                FROM [cdc].[dbo_bench_CT] AS c
                WHERE c.[__$start_lsn] >= ?""");

        assertThat(layout.before())
                .containsExactly(
                        RowLayout.Key.START_LSN,
                        RowLayout.Key.SEQVAL,
                        RowLayout.Key.OPERATION,
                        RowLayout.Key.COMMAND_ID,
                        RowLayout.Key.UPDATE_MASK);
        assertThat(layout.after()).isEmpty();
    }

    @Test
    void putsKeysThatComeLastBehindTheCapturedColumns() {
        RowLayout layout =
                RowLayout.of("SELECT [__$start_lsn], [id], [name], [__$command_id] FROM [cdc].[dbo_bench_CT]");

        assertThat(layout)
                .isEqualTo(new RowLayout(List.of(RowLayout.Key.START_LSN), List.of(RowLayout.Key.COMMAND_ID)));
        assertThat(layout.columns(RowShape.LOB))
                .extracting(SqlColumn::name)
                .containsExactly("__$start_lsn", "id", "code", "body", "document", "__$command_id");
    }
}
