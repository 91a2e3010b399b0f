package io.dstream.mssql.standin.wire;

/// A SQL Server type with its length, precision and scale, as it is declared.
///
/// `length` is in bytes for binary types, in characters for character types, -1 for `(max)`; 0 where it has none.
/// `scale` is that of decimals and of time, datetime2 and datetimeoffset.
public record SqlType(Base base, int length, int precision, int scale) {

    /// The types of SQL Server, each with the Java class that carries its values here (`null` is NULL for all).
    public enum Base {
        BIT(Boolean.class),
        TINYINT(Integer.class),
        SMALLINT(Integer.class),
        INT(Integer.class),
        BIGINT(Long.class),
        REAL(Float.class),
        FLOAT(Double.class),
        DECIMAL(java.math.BigDecimal.class),
        NUMERIC(java.math.BigDecimal.class),
        MONEY(java.math.BigDecimal.class),
        SMALLMONEY(java.math.BigDecimal.class),
        CHAR(String.class),
        VARCHAR(String.class),
        NCHAR(String.class),
        NVARCHAR(String.class),
        TEXT(String.class),
        NTEXT(String.class),
        XML(String.class),
        BINARY(byte[].class),
        VARBINARY(byte[].class),
        IMAGE(byte[].class),
        ROWVERSION(byte[].class),
        UNIQUEIDENTIFIER(java.util.UUID.class),
        DATE(java.time.LocalDate.class),
        TIME(java.time.LocalTime.class),
        SMALLDATETIME(java.time.LocalDateTime.class),
        DATETIME(java.time.LocalDateTime.class),
        DATETIME2(java.time.LocalDateTime.class),
        DATETIMEOFFSET(java.time.OffsetDateTime.class),
        HIERARCHYID(byte[].class),
        GEOMETRY(byte[].class),
        GEOGRAPHY(byte[].class),
        SQL_VARIANT(SqlVariant.class);

        private final Class<?> javaType;

        Base(Class<?> javaType) {
            this.javaType = javaType;
        }

        /// The class of every value of this type.
        public Class<?> javaType() {
            return javaType;
        }
    }

    /// The value of a `sql_variant`: a value and the type it was stored with.
    public record SqlVariant(SqlType type, Object value) {}

    /// A type without length, precision or scale.
    public static SqlType of(Base base) {
        return new SqlType(base, 0, 0, 0);
    }
}
