package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.tsql.Scope.Bound;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.SqlVariant;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Values on their way into and out of H2.
final class H2Values {

    private H2Values() {}

    static void bind(PreparedStatement statement, List<Bound> parameters) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            Object value = parameters.get(i).value();
            statement.setObject(i + 1, value instanceof SqlVariant variant ? variant.value() : value);
        }
    }

    /// The value of a column as [SqlType.Base#javaType] has it.
    static @Nullable Object read(ResultSet rows, int column, SqlType type) throws SQLException {
        Object value = switch (type.base()) {
            case BIT -> rows.getBoolean(column);
            case TINYINT, SMALLINT, INT -> rows.getInt(column);
            case BIGINT -> rows.getLong(column);
            case REAL -> rows.getFloat(column);
            case FLOAT -> rows.getDouble(column);
            case DECIMAL, NUMERIC -> scaled(rows.getBigDecimal(column), type.scale());
            case MONEY, SMALLMONEY -> scaled(rows.getBigDecimal(column), 4);
            case CHAR, VARCHAR, NCHAR, NVARCHAR, TEXT, NTEXT, XML -> rows.getString(column);
            case BINARY, VARBINARY, IMAGE, ROWVERSION, HIERARCHYID, GEOMETRY, GEOGRAPHY -> rows.getBytes(column);
            case UNIQUEIDENTIFIER -> rows.getObject(column, UUID.class);
            case DATE -> rows.getObject(column, LocalDate.class);
            case TIME -> rows.getObject(column, LocalTime.class);
            case SMALLDATETIME, DATETIME, DATETIME2 -> rows.getObject(column, LocalDateTime.class);
            case DATETIMEOFFSET -> rows.getObject(column, OffsetDateTime.class);
            case SQL_VARIANT -> variant(rows.getString(column));
        };
        return rows.wasNull() ? null : value;
    }

    private static @Nullable BigDecimal scaled(@Nullable BigDecimal value, int scale) {
        return value == null ? null : value.setScale(scale, RoundingMode.HALF_UP);
    }

    /// Every variant is stored as text here, and answered as `nvarchar`.
    private static @Nullable SqlVariant variant(@Nullable String text) {
        return text == null ? null : new SqlVariant(new SqlType(SqlType.Base.NVARCHAR, 4000, 0, 0), text);
    }
}
