package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.SqlType;
import java.util.Optional;

/// How `sp_columns_100` describes a type: by ODBC 3, lengths in bytes as a client gets them.
///
/// Source: Microsoft Learn, "sp_columns (Transact-SQL)", "sp_datatype_info (Transact-SQL)", "Data Type Mappings
/// (ODBC)".
record OdbcType(
        int dataType, int precision, int length, Optional<Integer> scale, Optional<Integer> radix, int serverType) {

    private static final int MOST_CHARACTERS = 1_073_741_823;
    private static final int MOST_BYTES = Integer.MAX_VALUE;
    private static final int TIMESTAMP = 93;
    private static final int DATE_TIME = 9;

    static OdbcType of(SqlType type) {
        int digits = SystemTypes.precision(type);
        int scale = SystemTypes.scale(type);
        return switch (type.base()) {
            case BIT -> plain(-7, 1, 1, 50);
            case TINYINT -> exact(-6, digits, 1, 0, 38);
            case SMALLINT -> exact(5, digits, 2, 0, 38);
            case INT -> exact(4, digits, 4, 0, 38);
            case BIGINT -> exact(-5, digits, 8, 0, 108);
            case REAL -> approximate(7, digits, 4);
            case FLOAT -> approximate(6, digits, 8);
            case DECIMAL -> exact(3, digits, digits + 2, scale, 106);
            case NUMERIC -> exact(2, digits, digits + 2, scale, 108);
            case MONEY -> exact(3, digits, 21, scale, 110);
            case SMALLMONEY -> exact(3, digits, 12, scale, 110);
            case CHAR -> plain(1, type.length(), type.length(), 39);
            case VARCHAR -> plain(12, limited(type), limited(type), 39);
            case NCHAR -> plain(-8, type.length(), 2 * type.length(), 39);
            case NVARCHAR -> plain(-9, limited(type), 2 * limited(type), 39);
            case TEXT -> plain(-1, MOST_BYTES, MOST_BYTES, 35);
            case NTEXT -> plain(-10, MOST_CHARACTERS, 2 * MOST_CHARACTERS, 35);
            case XML -> plain(-152, 0, 0, 0);
            case BINARY -> plain(-2, type.length(), type.length(), 37);
            case VARBINARY -> plain(-3, limited(type), limited(type), 37);
            case IMAGE -> plain(-4, MOST_BYTES, MOST_BYTES, 34);
            case ROWVERSION -> plain(-2, 8, 8, 45);
            case UNIQUEIDENTIFIER -> plain(-11, 36, 16, 37);
            case DATE -> plain(91, digits, 6, 0);
            case TIME -> temporal(-154, digits, 12, scale, 0);
            case SMALLDATETIME -> temporal(TIMESTAMP, digits, 16, scale, 111);
            case DATETIME -> temporal(TIMESTAMP, digits, 16, scale, 111);
            case DATETIME2 -> temporal(TIMESTAMP, digits, 16, scale, 0);
            case DATETIMEOFFSET -> temporal(-155, digits, 20, scale, 0);
            case HIERARCHYID -> plain(-151, 892, 892, 23);
            case GEOMETRY, GEOGRAPHY -> plain(-151, 0, 0, 23);
            case SQL_VARIANT -> plain(-150, 8000, 8000, 39);
        };
    }

    /// 0 for `(max)`.
    private static int limited(SqlType type) {
        return Math.max(0, type.length());
    }

    private static OdbcType plain(int dataType, int precision, int length, int serverType) {
        return new OdbcType(dataType, precision, length, Optional.empty(), Optional.empty(), serverType);
    }

    private static OdbcType exact(int dataType, int precision, int length, int scale, int serverType) {
        return new OdbcType(dataType, precision, length, Optional.of(scale), Optional.of(10), serverType);
    }

    private static OdbcType approximate(int dataType, int precision, int length) {
        return new OdbcType(dataType, precision, length, Optional.empty(), Optional.of(2), 109);
    }

    private static OdbcType temporal(int dataType, int precision, int length, int scale, int serverType) {
        return new OdbcType(dataType, precision, length, Optional.of(scale), Optional.empty(), serverType);
    }

    /// The type without what divides dates and times.
    int sqlDataType() {
        return dataType == TIMESTAMP || dataType == 91 ? DATE_TIME : dataType;
    }

    /// What divides them.
    Optional<Integer> dateTimePart() {
        return switch (dataType) {
            case TIMESTAMP -> Optional.of(3);
            case 91 -> Optional.of(1);
            default -> Optional.empty();
        };
    }

    /// The length of characters and bytes.
    Optional<Integer> octets() {
        return switch (dataType) {
            case 1, 12, -1, -8, -9, -10, -2, -3, -4, -152 -> Optional.of(length);
            default -> Optional.empty();
        };
    }
}
