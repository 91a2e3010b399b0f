package io.dstream.mssql.bench;

import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlType;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A column of a synthetic table. `value` makes one of `type`'s Java class, or `null` where it is `nullable`.
record BenchColumn(String name, SqlType type, boolean nullable, Function<Random, @Nullable Object> value) {

    /// As in CREATE TABLE.
    String declaration() {
        return name + " " + typeText() + (nullable ? " NULL" : " NOT NULL");
    }

    private String typeText() {
        String base = type.base().name().toLowerCase(Locale.ROOT);
        if (type.length() != 0) {
            return base + "(" + (type.length() < 0 ? "max" : String.valueOf(type.length())) + ")";
        }
        if (type.precision() != 0) {
            return base + "(" + type.precision() + "," + type.scale() + ")";
        }
        return type.scale() != 0 ? base + "(" + type.scale() + ")" : base;
    }

    /// In a change table every column may be NULL.
    SqlColumn captured() {
        return new SqlColumn(name, type, true);
    }
}
