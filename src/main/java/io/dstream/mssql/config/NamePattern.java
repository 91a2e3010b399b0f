package io.dstream.mssql.config;

import java.util.List;
import java.util.Locale;

/// One part of a wildcard's name: its literal `pieces`, with any characters, also none, between two of them. A single
/// piece is a whole name. Case does not count.
public record NamePattern(List<String> pieces) {

    private static final String STAR = "*";

    public NamePattern {
        pieces = List.copyOf(pieces);
    }

    /// Each `*` in `text` is one.
    static NamePattern withStars(String text) {
        return new NamePattern(List.of(text.split("\\*", -1)));
    }

    static NamePattern literal(String name) {
        return new NamePattern(List.of(name));
    }

    boolean isLiteral() {
        return pieces.size() == 1;
    }

    /// True where `name`, from its first character to its last, is such a name.
    public boolean matches(String name) {
        String rest = lower(name);
        String first = lower(pieces.getFirst());
        String last = lower(pieces.getLast());
        if (isLiteral()) {
            return rest.equals(first);
        }
        if (rest.length() < first.length() + last.length() || !rest.startsWith(first) || !rest.endsWith(last)) {
            return false;
        }
        int at = first.length();
        int end = rest.length() - last.length();
        // The earliest place of each piece leaves the most for those after it.
        for (String piece : pieces.subList(1, pieces.size() - 1)) {
            int found = rest.indexOf(lower(piece), at);
            at = found + piece.length();
            if (found < 0 || at > end) {
                return false;
            }
        }
        return true;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// As it was written, but for quotes.
    @Override
    public String toString() {
        return String.join(STAR, pieces);
    }
}
