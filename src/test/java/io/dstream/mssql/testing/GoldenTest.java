package io.dstream.mssql.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GoldenTest {

    @Test
    void masksWhatDiffersAndNothingElse() {
        assertThat(Golden.masked("database test_12_3, host pid 4 since 2026-01-01T00:00:00Z"))
                .isEqualTo("database <database>, <owner>");
        assertThat(Golden.masked("0000002c:00000110:0001/ffffffff:ffffffff:ffff    2d 3h  17"))
                .isEqualTo("<lsn>/<lsn>  <time>  17");
        assertThat(Golden.masked("server SQL1, database test_1_2; sql1/test_1_2/dbo.t.lock"))
                .isEqualTo("server <server>, database <database>; <server>/<database>/dbo.t.lock");
        assertThat(Golden.masked("{\"latency_seconds\":17,\"lsns\":17}"))
                .isEqualTo("{\"latency_seconds\":<seconds>,\"lsns\":17}");
    }
}
