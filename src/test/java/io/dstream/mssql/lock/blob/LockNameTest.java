package io.dstream.mssql.lock.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.TableName;
import org.junit.jupiter.api.Test;

final class LockNameTest {

    private static String of(String server, String database, String table) {
        return LockName.of(server, database, new TableName("dbo", table));
    }

    @Test
    void isServerDatabaseAndTableInLowerCase() {
        assertThat(of("SQL01", "Shop", "Orders")).isEqualTo("sql01/shop/dbo.orders.lock");
        assertThat(LockName.ofWriteCheck("SQL01", "Shop")).isEqualTo("sql01/shop/write-check");
    }

    @Test
    void aNamedInstanceIsAnotherServer() {
        assertThat(of("SQL01\\EXPRESS", "Shop", "Orders")).isEqualTo("sql01%5cexpress/shop/dbo.orders.lock");
    }

    @Test
    void differentTablesHaveDifferentLocks() {
        assertThat(of("a", "b/c", "d")).isNotEqualTo(of("a/b", "c", "d"));
        assertThat(of("a", "b%2fc", "d")).isNotEqualTo(of("a", "b/c", "d"));
        assertThat(of("a", "b.", "d")).isEqualTo("a/b%2e/dbo.d.lock");
        assertThat(of("a", "..", "d")).isEqualTo("a/.%2e/dbo.d.lock");
        assertThat(of("a", "b", "d\u0001")).isEqualTo("a/b/dbo.d%01.lock");
    }

    @Test
    void lettersOfEveryAlphabetStay() {
        assertThat(of("sql", "Größe", "Kunden 表")).isEqualTo("sql/größe/dbo.kunden 表.lock");
    }
}
