package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;

/// How the catalogue views of SQL Server describe types: ids, bytes, digits.
///
/// Source: Microsoft Learn, "sys.types (Transact-SQL)", "sys.columns (Transact-SQL)".
final class SystemTypes {

    /// The `user_type_id` of `sysname`.
    static final int SYSNAME = 256;

    private SystemTypes() {}

    static int systemTypeId(Base base) {
        return switch (base) {
            case HIERARCHYID, GEOMETRY, GEOGRAPHY -> 240;
            default -> userTypeId(base);
        };
    }

    static int userTypeId(Base base) {
        return switch (base) {
            case IMAGE -> 34;
            case TEXT -> 35;
            case UNIQUEIDENTIFIER -> 36;
            case DATE -> 40;
            case TIME -> 41;
            case DATETIME2 -> 42;
            case DATETIMEOFFSET -> 43;
            case TINYINT -> 48;
            case SMALLINT -> 52;
            case INT -> 56;
            case SMALLDATETIME -> 58;
            case REAL -> 59;
            case MONEY -> 60;
            case DATETIME -> 61;
            case FLOAT -> 62;
            case SQL_VARIANT -> 98;
            case NTEXT -> 99;
            case BIT -> 104;
            case DECIMAL -> 106;
            case NUMERIC -> 108;
            case SMALLMONEY -> 122;
            case BIGINT -> 127;
            case HIERARCHYID -> 128;
            case GEOMETRY -> 129;
            case GEOGRAPHY -> 130;
            case VARBINARY -> 165;
            case VARCHAR -> 167;
            case BINARY -> 173;
            case CHAR -> 175;
            case ROWVERSION -> 189;
            case NVARCHAR -> 231;
            case NCHAR -> 239;
            case XML -> 241;
        };
    }

    static String name(Base base) {
        return base == Base.ROWVERSION ? "timestamp" : base.name().toLowerCase(java.util.Locale.ROOT);
    }

    /// The widest of a base, as `sys.types` shows it.
    static SqlType widest(Base base) {
        return switch (base) {
            case CHAR, VARCHAR, BINARY, VARBINARY -> new SqlType(base, 8000, 0, 0);
            case NCHAR, NVARCHAR -> new SqlType(base, 4000, 0, 0);
            case DECIMAL, NUMERIC -> new SqlType(base, 0, 38, 38);
            case TIME, DATETIME2, DATETIMEOFFSET -> new SqlType(base, 0, 0, 7);
            default -> SqlType.of(base);
        };
    }

    /// In bytes, -1 for `max`.
    static int maxLength(SqlType type) {
        return switch (type.base()) {
            case BIT, TINYINT -> 1;
            case SMALLINT -> 2;
            case INT, REAL, SMALLMONEY, SMALLDATETIME -> 4;
            case BIGINT, FLOAT, MONEY, DATETIME, ROWVERSION -> 8;
            case DATE -> 3;
            case UNIQUEIDENTIFIER, IMAGE, TEXT, NTEXT -> 16;
            case DECIMAL, NUMERIC -> decimalBytes(type.precision());
            case CHAR, VARCHAR, BINARY, VARBINARY -> type.length();
            case NCHAR, NVARCHAR -> type.length() < 0 ? -1 : 2 * type.length();
            case TIME -> 3 + fractionBytes(type.scale());
            case DATETIME2 -> 6 + fractionBytes(type.scale());
            case DATETIMEOFFSET -> 8 + fractionBytes(type.scale());
            case XML, GEOMETRY, GEOGRAPHY -> -1;
            case HIERARCHYID -> 892;
            case SQL_VARIANT -> 8016;
        };
    }

    private static int decimalBytes(int precision) {
        return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
    }

    private static int fractionBytes(int scale) {
        return scale <= 2 ? 0 : scale <= 4 ? 1 : 2;
    }

    static int precision(SqlType type) {
        int fraction = type.scale() > 0 ? type.scale() + 1 : 0;
        return switch (type.base()) {
            case BIT -> 1;
            case TINYINT -> 3;
            case SMALLINT -> 5;
            case INT, SMALLMONEY, DATE -> 10;
            case BIGINT, MONEY -> 19;
            case REAL -> 24;
            case FLOAT -> 53;
            case DECIMAL, NUMERIC -> type.precision();
            case SMALLDATETIME -> 16;
            case DATETIME -> 23;
            case TIME -> 8 + fraction;
            case DATETIME2 -> 19 + fraction;
            case DATETIMEOFFSET -> 26 + fraction;
            default -> 0;
        };
    }

    static int scale(SqlType type) {
        return switch (type.base()) {
            case MONEY, SMALLMONEY -> 4;
            case DATETIME -> 3;
            case DECIMAL, NUMERIC, TIME, DATETIME2, DATETIMEOFFSET -> type.scale();
            default -> 0;
        };
    }
}
