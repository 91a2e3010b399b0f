package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProbeSqlTest {

    @Test
    void noListOfConstantsIsLongerThanTheCatalogueIsAsked() {
        List<Integer> ids = IntStream.rangeClosed(1, CaptureCatalogue.IDS_IN_A_QUERY + 1)
                .boxed()
                .toList();

        assertThat(ProbeSql.look(List.of(), ids))
                .isEqualTo(String.join(
                        ";\n",
                        CdcSql.MAX_LSN,
                        CdcSql.instanceStarts(ids.subList(0, CaptureCatalogue.IDS_IN_A_QUERY)),
                        CdcSql.instanceStarts(List.of(ids.getLast()))));
    }
}
