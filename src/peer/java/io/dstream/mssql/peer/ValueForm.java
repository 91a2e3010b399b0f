package io.dstream.mssql.peer;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Locale;

/// The one spelling in which values of a type are compared, whoever wrote them: numbers without an exponent,
/// times without trailing zeros. Nothing is rounded or moved.
enum ValueForm {
    AS_IT_IS,
    DECIMAL,
    REAL,
    FLOAT,
    DATE,
    TIME,
    TIMESTAMP,
    TIMESTAMP_WITH_OFFSET;

    private static final String UTC = "Z";

    /// Of a type as T-SQL declares it, `decimal(10,2)`.
    static ValueForm of(String type) {
        String name = type.toLowerCase(Locale.ROOT).split("\\(", 2)[0];
        return switch (name) {
            case "decimal", "numeric", "money", "smallmoney" -> DECIMAL;
            case "real" -> REAL;
            case "float" -> FLOAT;
            case "date" -> DATE;
            case "time" -> TIME;
            case "smalldatetime", "datetime", "datetime2" -> TIMESTAMP;
            case "datetimeoffset" -> TIMESTAMP_WITH_OFFSET;
            default -> AS_IT_IS;
        };
    }

    /// `text` is as JSON has it, or as Debezium's `isostring`, which puts a Z behind times that have no zone.
    String canonical(String text) {
        return switch (this) {
            case AS_IT_IS -> text;
            case DECIMAL -> new BigDecimal(text).toPlainString();
            case REAL -> Float.toString(Float.parseFloat(text));
            case FLOAT -> Double.toString(Double.parseDouble(text));
            case DATE -> withoutZone(text);
            case TIME -> LocalTime.parse(withoutZone(text)).toString();
            case TIMESTAMP -> LocalDateTime.parse(withoutZone(text)).toString();
            case TIMESTAMP_WITH_OFFSET -> OffsetDateTime.parse(text).toString();
        };
    }

    private static String withoutZone(String text) {
        return text.endsWith(UTC) ? text.substring(0, text.length() - UTC.length()) : text;
    }
}
