package io.dstream.mssql.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class IdentifiersTest {

    @Test
    void quotesWhateverANameHolds() {
        assertThat(Identifiers.quote("orders")).isEqualTo("[orders]");
        assertThat(Identifiers.quote("a]b[c")).isEqualTo("[a]]b[c]");
        assertThat(Identifiers.text("my inst]x'")).isEqualTo("N'my inst]x'''");
        assertThat(Identifiers.quote("s ['1']", "Order [\"1\"]")).isEqualTo("[s ['1']]].[Order [\"1\"]]]");
    }
}
