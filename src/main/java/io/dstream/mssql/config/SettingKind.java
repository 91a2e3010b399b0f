package io.dstream.mssql.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What the value of a connection setting may be, and how the JDBC driver wants it.
enum SettingKind {
    TEXT("a text") {
        @Override
        Optional<String> forDriver(String value) {
            return Optional.of(value);
        }
    },
    /// Host, instance and port in one; taken apart by [ServerText].
    SERVER("a server") {
        @Override
        Optional<String> forDriver(String value) {
            return Optional.of(value);
        }
    },
    WHOLE_NUMBER("a whole number") {
        @Override
        Optional<String> forDriver(String value) {
            return value.matches("-?[0-9]{1,9}") ? Optional.of(value) : Optional.empty();
        }
    },
    PORT("a port number from 1 to 65535") {
        @Override
        Optional<String> forDriver(String value) {
            boolean fits =
                    value.matches("[0-9]{1,5}") && Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= LAST_PORT;
            return fits ? Optional.of(value) : Optional.empty();
        }
    },
    FLAG("true or false") {
        @Override
        Optional<String> forDriver(String value) {
            return flag(value);
        }
    },
    INTEGRATED("true, sspi or false") {
        @Override
        Optional<String> forDriver(String value) {
            return value.equalsIgnoreCase("sspi") ? Optional.of("true") : flag(value);
        }
    },
    /// `disable` is what Go says for no encryption; the driver's least is `false`, which still hides the login.
    ENCRYPT("true, false, disable or strict") {
        @Override
        Optional<String> forDriver(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "strict" -> Optional.of("strict");
                case "mandatory" -> Optional.of("true");
                case "disable", "optional" -> Optional.of("false");
                default -> flag(value);
            };
        }
    },
    INTENT("ReadOnly or ReadWrite") {
        @Override
        Optional<String> forDriver(String value) {
            return oneOf(List.of("ReadOnly", "ReadWrite"), value);
        }
    },
    /// Microsoft Entra's methods need libraries that the program does not carry.
    AUTHENTICATION("SqlPassword: Microsoft Entra methods are not available yet in this version") {
        @Override
        Optional<String> forDriver(String value) {
            return oneOf(List.of("NotSpecified", "SqlPassword"), value.replace(" ", ""));
        }
    },
    /// Known, and of no meaning here: pooling, logging, other clients' habits.
    IGNORED("anything") {
        @Override
        Optional<String> forDriver(String value) {
            return Optional.of(value);
        }
    };

    private static final int LAST_PORT = 65_535;
    private static final Set<String> YES = Set.of("true", "yes", "1", "t");
    private static final Set<String> NO = Set.of("false", "no", "0", "f");
    private final String expected;

    SettingKind(String expected) {
        this.expected = expected;
    }

    /// Continues "must be".
    String expected() {
        return expected;
    }

    /// Empty when the value cannot be of this kind.
    abstract Optional<String> forDriver(String value);

    private static Optional<String> flag(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (YES.contains(lower)) {
            return Optional.of("true");
        }
        return NO.contains(lower) ? Optional.of("false") : Optional.empty();
    }

    private static Optional<String> oneOf(List<String> known, String value) {
        return known.stream().filter(value::equalsIgnoreCase).findFirst();
    }
}
