package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DatabaseFactsTest {

    private static DatabaseFacts facts(String user) {
        return new DatabaseFacts("server", "shop", true, false, user, "reader", "dbo");
    }

    @Test
    void whatIsLackingIsGrantedToTheUser() {
        assertThat(facts("shop_reader").grantee()).isEqualTo("shop_reader");
    }

    @Test
    void nothingIsGrantedToGuest() {
        assertThat(facts("guest").isGuest()).isTrue();
        assertThat(facts("guest").grantee()).isEqualTo("reader");
        assertThat(Grants.createUser("reader"))
                .isEqualTo("CREATE USER [reader] FOR LOGIN [reader] WITH DEFAULT_SCHEMA = dbo");
    }
}
