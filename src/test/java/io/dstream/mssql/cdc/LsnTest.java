package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.dstream.mssql.testing.Seed;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LsnTest {

    private static Lsn lsn(String hex) {
        return Lsn.of(HexFormat.of().parseHex(hex));
    }

    @Test
    void readsAndWritesTheSameTenBytes() {
        byte[] bytes = HexFormat.of().parseHex("80ff00017f00fe010280");

        assertThat(Lsn.of(bytes).toBytes()).isEqualTo(bytes);
    }

    @Test
    void refusesAnyOtherLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lsn.of(new byte[9]))
                .withMessageContaining("10 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> Lsn.of(new byte[11]));
        assertThatIllegalArgumentException().isThrownBy(() -> Lsn.of(new byte[0]));
    }

    @Test
    void refusesALowPartOfMoreThanSixteenBits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Lsn(0, 0x10000));
        assertThatIllegalArgumentException().isThrownBy(() -> new Lsn(0, -1));
    }

    @Test
    void printsAsVlfBlockSlot() {
        assertThat(lsn("00000020000001000001")).hasToString("00000020:00000100:0001");
        assertThat(lsn("fffffffe80000000abcd")).hasToString("fffffffe:80000000:abcd");
    }

    @Test
    void ordersAsUnsignedBytes() {
        Random random = Seed.random(LsnTest.class);
        for (int i = 0; i < 10_000; i++) {
            byte[] a = new byte[Lsn.LENGTH];
            byte[] b = new byte[Lsn.LENGTH];
            random.nextBytes(a);
            random.nextBytes(b);
            if (i % 2 == 0) {
                System.arraycopy(a, 0, b, 0, random.nextInt(Lsn.LENGTH));
            }
            assertThat(Integer.signum(Lsn.of(a).compareTo(Lsn.of(b))))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
        }
    }

    @Test
    void nextCarriesAcrossTheParts() {
        assertThat(lsn("0000002000000100ffff").next()).isEqualTo(lsn("00000020000001010000"));
        assertThat(lsn("7fffffffffffffffffff").next()).isEqualTo(lsn("80000000000000000000"));
        assertThatIllegalStateException().isThrownBy(Lsn.MAX::next);
    }

    @Test
    void previousUndoesNext() {
        for (Lsn lsn : new Lsn[] {Lsn.ZERO, lsn("0000002000000100ffff"), lsn("7fffffffffffffffffff")}) {
            assertThat(lsn.next().previous()).isEqualTo(lsn);
        }
        assertThatIllegalStateException().isThrownBy(Lsn.ZERO::previous);
    }
}
