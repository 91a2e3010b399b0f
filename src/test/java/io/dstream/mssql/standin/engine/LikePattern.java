package io.dstream.mssql.standin.engine;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A pattern of the catalogue procedures: `%`, `_`, and one character in brackets for itself. Without regard to case.
final class LikePattern {

    private final Pattern pattern;

    private LikePattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /// `null` matches everything.
    static LikePattern of(@Nullable String text) {
        String like = text == null ? "%" : text.toLowerCase(Locale.ROOT);
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < like.length(); i++) {
            if (like.charAt(i) == '[' && i + 2 < like.length() && like.charAt(i + 2) == ']') {
                regex.append(Pattern.quote(like.substring(i + 1, i + 2)));
                i += 2;
            } else {
                regex.append(
                        switch (like.charAt(i)) {
                            case '%' -> ".*";
                            case '_' -> ".";
                            default -> Pattern.quote(String.valueOf(like.charAt(i)));
                        });
            }
        }
        return new LikePattern(Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    boolean matches(String name) {
        return pattern.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }
}
