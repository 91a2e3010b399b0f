package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {

    @ParameterizedTest
    @CsvSource({
        "*, orders",
        "order*, orders",
        "order*, ORDER",
        "*_log, sales_log",
        "a*b*c, abc",
        "a*b*c, a-bb-b-c",
        "*a*, a",
        "**, x",
        "a*a, aa",
        "Größe*, GRÖßEN",
    })
    void aStarStandsForAnyCharacters(String pattern, String name) {
        assertThat(NamePattern.withStars(pattern).matches(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"order*, border", "*_log, sales_logs", "a*b*c, ac", "a*a, a", "ab*ba, aba", "a*b*b, ab", "a.c*, abc"})
    void everythingElseStandsForItself(String pattern, String name) {
        assertThat(NamePattern.withStars(pattern).matches(name)).isFalse();
    }

    @Test
    void aLiteralStarMatchesAStarOnly() {
        assertThat(NamePattern.literal("a*b").matches("A*B")).isTrue();
        assertThat(NamePattern.literal("a*b").matches("axb")).isFalse();
    }
}
