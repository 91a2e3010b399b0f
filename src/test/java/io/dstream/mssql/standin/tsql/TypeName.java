package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A type as it was written: a built-in name or an alias type's, and what stood in its parentheses; -1 is `max`.
///
/// Source: Microsoft Learn, "Data types (Transact-SQL)".
public record TypeName(ObjectName name, List<Integer> arguments) {

    /// The length of `char` and `binary` types without a length in CAST and CONVERT.
    public static final int LENGTH_IN_CAST = 30;

    /// The same in a declaration.
    public static final int LENGTH_IN_DECLARATION = 1;

    private static final Map<String, Base> SYNONYMS = Map.of(
            "DEC", Base.DECIMAL,
            "INTEGER", Base.INT,
            "TIMESTAMP", Base.ROWVERSION,
            "CHARACTER", Base.CHAR,
            "DOUBLE PRECISION", Base.FLOAT);

    /// The built-in type, empty for the name of an alias type (or of no type at all).
    public Optional<SqlType> builtIn(int defaultLength) throws SqlServerError {
        if (name.schema().isPresent() && !name.schema().get().equalsIgnoreCase("sys")) {
            return Optional.empty();
        }
        if (name.name().equalsIgnoreCase("sysname")) {
            return Optional.of(new SqlType(Base.NVARCHAR, 128, 0, 0));
        }
        Optional<Base> base = base(name.name().toUpperCase(Locale.ROOT));
        return base.isEmpty() ? Optional.empty() : Optional.of(type(base.get(), defaultLength));
    }

    private static Optional<Base> base(String upper) {
        for (Base base : Base.values()) {
            if (base.name().equals(upper)) {
                return Optional.of(base);
            }
        }
        return Optional.ofNullable(SYNONYMS.get(upper));
    }

    private SqlType type(Base base, int defaultLength) throws SqlServerError {
        return switch (base) {
            case CHAR, NCHAR, BINARY, VARCHAR, NVARCHAR, VARBINARY ->
                new SqlType(base, length(base, defaultLength), 0, 0);
            case DECIMAL, NUMERIC -> decimal(base);
            case TIME, DATETIME2, DATETIMEOFFSET -> new SqlType(base, 0, 0, argument(0, 7, 0, 7));
            case FLOAT -> SqlType.of(argument(0, 53, 1, 53) <= 24 ? Base.REAL : Base.FLOAT);
            case MONEY -> new SqlType(base, 0, 19, 4);
            case SMALLMONEY -> new SqlType(base, 0, 10, 4);
            case DATETIME -> new SqlType(base, 0, 0, 3);
            case ROWVERSION -> new SqlType(base, 8, 0, 0);
            default -> plain(base);
        };
    }

    private SqlType plain(Base base) throws SqlServerError {
        if (!arguments.isEmpty()) {
            throw new SqlServerError(
                    2716, "Column, parameter, or variable: Cannot specify a column width on data type " + name + ".");
        }
        return SqlType.of(base);
    }

    private SqlType decimal(Base base) throws SqlServerError {
        int precision = argument(0, 18, 1, 38);
        return new SqlType(base, 0, precision, argument(1, 0, 0, precision));
    }

    private int length(Base base, int defaultLength) throws SqlServerError {
        boolean max = arguments.size() == 1 && arguments.getFirst() == -1;
        boolean varying = base == Base.VARCHAR || base == Base.NVARCHAR || base == Base.VARBINARY;
        if (max && varying) {
            return -1;
        }
        int limit = base == Base.NCHAR || base == Base.NVARCHAR ? 4000 : 8000;
        return argument(0, defaultLength, 1, limit);
    }

    private int argument(int index, int absent, int low, int high) throws SqlServerError {
        if (index >= arguments.size()) {
            return absent;
        }
        int value = arguments.get(index);
        if (value < low || value > high) {
            throw new SqlServerError(
                    1002, 15, 1, "Line 1: Specified scale or length " + value + " invalid for type " + name + ".");
        }
        return value;
    }
}
