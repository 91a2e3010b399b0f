package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlType;

/// Which type of H2 stores each type of SQL Server.
public final class H2Types {

    private H2Types() {}

    /// As it stands in H2's CREATE TABLE and CAST. `(max)` types end at 1,048,576 characters or bytes there. Varying
    /// strings compare without regard to case, as under SQL Server's default collation.
    public static String of(SqlType type) {
        return switch (type.base()) {
            case BIT -> "BOOLEAN";
            case TINYINT, SMALLINT -> "SMALLINT";
            case INT -> "INTEGER";
            case BIGINT -> "BIGINT";
            case REAL -> "REAL";
            case FLOAT -> "DOUBLE PRECISION";
            case DECIMAL, NUMERIC -> "NUMERIC(" + type.precision() + ", " + type.scale() + ")";
            case MONEY -> "NUMERIC(19, 4)";
            case SMALLMONEY -> "NUMERIC(10, 4)";
            case CHAR, NCHAR -> "CHAR" + length(type);
            case VARCHAR, NVARCHAR -> "VARCHAR_IGNORECASE" + length(type);
            case TEXT, NTEXT, XML, SQL_VARIANT -> "VARCHAR";
            case BINARY -> "BINARY" + length(type);
            case VARBINARY -> "VARBINARY" + length(type);
            case IMAGE, HIERARCHYID, GEOMETRY, GEOGRAPHY -> "VARBINARY";
            case ROWVERSION -> "BINARY(8)";
            case UNIQUEIDENTIFIER -> "UUID";
            case DATE -> "DATE";
            case TIME -> "TIME(" + type.scale() + ")";
            case SMALLDATETIME -> "TIMESTAMP(0)";
            case DATETIME -> "TIMESTAMP(3)";
            case DATETIME2 -> "TIMESTAMP(" + type.scale() + ")";
            case DATETIMEOFFSET -> "TIMESTAMP(" + type.scale() + ") WITH TIME ZONE";
        };
    }

    private static String length(SqlType type) {
        return type.length() > 0 ? "(" + type.length() + ")" : "";
    }

    /// A name as H2 reads it.
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// A string literal of H2.
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
