package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The current row of a result set, by index from 1. Getters answer as the driver's do: primitives are 0 for
/// NULL, and what it would convert through a time zone is refused.
final class FakeRow {

    private final List<@Nullable Object> values;
    private boolean wasNull;

    private FakeRow(List<@Nullable Object> values) {
        this.values = values;
    }

    /// A `sql_variant`, which the driver answers as `first` unless asked for something particular, then as `asked`.
    record Variant(Object first, Object asked) {}

    static ResultSet of(@Nullable Object... values) {
        FakeRow row = new FakeRow(new ArrayList<>(Arrays.asList(values)));
        return (ResultSet) Proxy.newProxyInstance(
                FakeRow.class.getClassLoader(),
                new Class<?>[] {ResultSet.class},
                (_, method, arguments) -> row.answer(method, arguments));
    }

    private @Nullable Object answer(Method method, Object @Nullable [] arguments) {
        if (method.getName().equals("wasNull")) {
            return wasNull;
        }
        if (arguments == null || !(arguments[0] instanceof Integer index)) {
            throw new UnsupportedOperationException(method.toString());
        }
        Object value = values.get(index - 1);
        wasNull = value == null;
        if (value instanceof Variant(Object first, Object asked)) {
            return arguments.length == 1 ? first : asked;
        }
        return switch (method.getName()) {
            case "getInt" -> value == null ? 0 : ((Number) value).intValue();
            case "getLong" -> value == null ? 0L : ((Number) value).longValue();
            case "getFloat" -> value == null ? 0f : (Float) value;
            case "getDouble" -> value == null ? 0d : (Double) value;
            case "getBoolean" -> value != null && (Boolean) value;
            case "getBigDecimal" -> (BigDecimal) value;
            case "getString" -> (String) value;
            case "getBytes" -> value instanceof String text ? text.getBytes(UTF_16LE) : (byte[]) value;
            case "getObject" -> arguments.length == 1 ? value : ((Class<?>) arguments[1]).cast(value);
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }
}
