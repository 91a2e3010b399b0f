package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableNameTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "orders|dbo|orders",
                "dbo.orders|dbo|orders",
                "sales.Order Details|sales|Order Details",
                " dbo . orders |dbo|orders",
                "[dbo].[Order Details]|dbo|Order Details",
                "[a.b].[c]]d]|a.b|c]d",
                "\"a\".\"b\"\"c\"|a|b\"c",
                "\"a.b\".[c]|a.b|c",
                "[sales].orders|sales|orders",
                "[dbo].[a*b]|dbo|a*b",
                "Größen.日本|Größen|日本",
                "#temp_1$@|dbo|#temp_1$@",
                "[ spaced ]|dbo|` spaced `",
            })
    void readsNamesWithAndWithoutQuotes(String text, String schema, String table) {
        assertThat(TableNameText.parse(text)).isEqualTo(new TableNameText.Named(schema, table));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "*|dbo|*",
                "sales.*|sales|*",
                "*.*|*|*",
                " sales . order_* |sales|order_*",
                "*.orders|*|orders",
                "[a.b].*|a.b|*",
                "*.\"c\"\"d\"|*|c\"d",
            })
    void recognisesWildcards(String text, String schema, String table) {
        assertThat(TableNameText.parse(text))
                .isEqualTo(new TableNameText.Wildcard(NamePattern.withStars(schema), NamePattern.withStars(table)));
    }

    @Test
    void aStarInsideBracketsIsAStar() {
        assertThat(TableNameText.parse("[a*b].*"))
                .isEqualTo(new TableNameText.Wildcard(NamePattern.literal("a*b"), NamePattern.withStars("*")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "dbo.",
                ".orders",
                "[]",
                "[dbo].[]",
                "[dbo",
                "dbo]",
                "\"dbo",
                "[a]b",
                "a[b]",
                "a\"b\"",
                "[a] [b]",
                "a\u0000b",
                "[a\nb]",
                "*.",
                "*.[]",
                "a.*.b",
                "[a]*"
            })
    void refusesWhatIsNoName(String text) {
        assertThat(TableNameText.parse(text)).isInstanceOf(TableNameText.Malformed.class);
    }

    @Test
    void saysThatTheDatabaseIsNamedElsewhere() {
        assertThat(TableNameText.parse("shop.dbo.orders"))
                .isEqualTo(new TableNameText.Malformed(
                        "has more than schema and table: the database comes from db_connection_string"));
    }

    @Test
    void refusesNamesLongerThanTheServerHolds() {
        assertThat(TableNameText.parse("a".repeat(128))).isInstanceOf(TableNameText.Named.class);
        assertThat(TableNameText.parse("a".repeat(129))).isInstanceOf(TableNameText.Malformed.class);
        assertThat(TableNameText.parse("[" + "]]".repeat(100_000) + "]")).isInstanceOf(TableNameText.Malformed.class);
    }
}
