package io.dstream.mssql.standin.tsql;

/// One token of T-SQL. `text` is a name without its quotes, a string without its quotes, the digits of a binary.
public record Token(Kind kind, String text) {

    /// What a token is.
    public enum Kind {
        /// An unquoted name or a keyword.
        WORD,
        /// A name in brackets or double quotes.
        QUOTED,
        /// `'..'`
        STRING,
        /// `N'..'`
        NATIONAL_STRING,
        NUMBER,
        /// `0x..`, an even number of hex digits.
        BINARY,
        /// `@x` or `@@x`.
        VARIABLE,
        SYMBOL,
        /// After the last token.
        END
    }

    static final Token END = new Token(Kind.END, "end of file");

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /// A name: quoted, or a word that is no keyword.
    boolean isName() {
        return kind == Kind.QUOTED || (kind == Kind.WORD && !Keywords.isReserved(text));
    }

    boolean isString() {
        return kind == Kind.STRING || kind == Kind.NATIONAL_STRING;
    }
}
