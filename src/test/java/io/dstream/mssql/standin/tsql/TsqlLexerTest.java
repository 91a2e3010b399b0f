package io.dstream.mssql.standin.tsql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dstream.mssql.standin.wire.SqlServerError;
import org.junit.jupiter.api.Test;

class TsqlLexerTest {

    @Test
    void readsQuotedNamesStringsAndBinaries() throws SqlServerError {
        assertThat(TsqlLexer.tokens("[a]]b].\"c\"\"d\" N'x''y' 'z' 0xA @p @@SPID 1.5e3"))
                .extracting(Token::kind, Token::text)
                .map(Object::toString)
                .containsExactly(
                        "(QUOTED, \"a]b\")",
                        "(SYMBOL, \".\")",
                        "(QUOTED, \"c\"d\")",
                        "(NATIONAL_STRING, \"x'y\")",
                        "(STRING, \"z\")",
                        "(BINARY, \"0A\")",
                        "(VARIABLE, \"@p\")",
                        "(VARIABLE, \"@@SPID\")",
                        "(NUMBER, \"1.5e3\")");
    }

    @Test
    void dropsCommentsAndNestsBlocks() throws SqlServerError {
        assertThat(TsqlLexer.tokens("a -- b\n/* c /* d */ e */ f"))
                .extracting(Token::text)
                .containsExactly("a", "f");
    }

    @Test
    void refusesWhatNeverCloses() {
        assertThatThrownBy(() -> TsqlLexer.tokens("SELECT 'a")).hasMessageContaining("Unclosed quotation mark");
        assertThatThrownBy(() -> TsqlLexer.tokens("/* a")).hasMessageContaining("Missing end comment");
    }

    @Test
    void refusesOperatorsOfOtherDialects() {
        assertThatThrownBy(() -> TsqlLexer.tokens("a || b")).hasMessage("Incorrect syntax near '|'.");
    }
}
