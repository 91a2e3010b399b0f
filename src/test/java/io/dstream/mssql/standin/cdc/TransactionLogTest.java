package io.dstream.mssql.standin.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.Lsn;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TransactionLogTest {

    private final TransactionLog log = new TransactionLog(
            Clock.fixed(Instant.parse("2025-07-01T12:00:00.999999Z"), ZoneId.of("America/New_York")));

    @Test
    void keepsTimesLocalToTheServerAndInTicksOfDatetime() {
        assertThat(log.now()).isEqualTo(LocalDateTime.parse("2025-07-01T08:00:00.997"));
    }

    @Test
    void takesTransactionsInOrderAndAtLeastOne() {
        Lsn first = log.appendEmpty(Optional.empty());
        Lsn second = log.appendIdle();

        assertThat(log.take(1)).extracting(LoggedTransaction::commitLsn).containsExactly(first);
        assertThat(log.take(9)).extracting(LoggedTransaction::commitLsn).containsExactly(second);
        assertThat(log.take(9)).isEmpty();
        assertThat(log.takeLsn()).isGreaterThan(second);
    }

    @Test
    void goesToTheNextLogFileAfterTheLastBlock() {
        LsnSequence lsns = new LsnSequence();
        lsns.jumpTo(new Lsn(0x0000_00FF_FFFF_FFFFL, 0xFFFF));

        assertThat(lsns.take()).isEqualTo(new Lsn(0x0000_0100_0000_0010L, 1));
        assertThat(lsns.takeBlock(400)).isEqualTo(new Lsn(0x0000_0100_0000_0018L, 1));
        assertThat(lsns.take()).isEqualTo(new Lsn(0x0000_0100_0000_0028L, 41));
    }
}
