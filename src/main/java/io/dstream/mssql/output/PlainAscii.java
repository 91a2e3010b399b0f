package io.dstream.mssql.output;

/// Four characters of UTF-16 at once, in a `long` with the first one lowest: most text is ASCII without anything to
/// escape, and then one look and one write do for four.
final class PlainAscii {

    /// How many characters are looked at together.
    static final int LENGTH = 4;

    private static final long ONES = 0x0001_0001_0001_0001L;
    private static final long HIGH_BITS = ONES << 15;
    private static final long NOT_ASCII = 0xFF80_FF80_FF80_FF80L;
    private static final long SPACES = ONES * ' ';
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private PlainAscii() {}

    /// True where each is ASCII and stands for itself in JSON: not below a space, no quote and no backslash.
    static boolean isPlain(long four) {
        // Of ASCII the high bits are free: set, they are borrowed from where a character is smaller than what is taken.
        long notControl = (four | HIGH_BITS) - SPACES;
        long notQuote = ((four ^ QUOTES) | HIGH_BITS) - ONES;
        long notBackslash = ((four ^ BACKSLASHES) | HIGH_BITS) - ONES;
        return (four & NOT_ASCII) == 0 && (notControl & notQuote & notBackslash & HIGH_BITS) == HIGH_BITS;
    }

    /// The four bytes of such characters, the first one lowest.
    static int bytes(long four) {
        long pairs = (four | four >>> 8) & 0x0000_FFFF_0000_FFFFL;
        return (int) (pairs | pairs >>> 16);
    }
}
