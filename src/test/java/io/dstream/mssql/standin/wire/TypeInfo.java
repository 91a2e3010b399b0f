package io.dstream.mssql.standin.wire;

import java.net.ProtocolException;
import java.util.Locale;

/// How a type is described before its values: TYPE_INFO in MS-TDS. Every type goes out in its nullable form.
final class TypeInfo {

    /// The most bytes of a type that is not `(max)`.
    static final int LONGEST = 8000;

    private static final int MAX = 0xFFFF;

    private TypeInfo() {}

    /// SQL_Latin1_General_CP1_CI_AS: code page 1252.
    static byte[] collation() {
        return new byte[] {0x09, 0x04, (byte) 0xD0, 0x00, 0x34};
    }

    static int token(SqlType.Base base) {
        return switch (base) {
            case BIT -> 0x68;
            case TINYINT, SMALLINT, INT, BIGINT -> 0x26;
            case REAL, FLOAT -> 0x6D;
            case DECIMAL -> 0x6A;
            case NUMERIC -> 0x6C;
            case MONEY, SMALLMONEY -> 0x6E;
            case CHAR -> 0xAF;
            case VARCHAR -> 0xA7;
            case NCHAR -> 0xEF;
            case NVARCHAR -> 0xE7;
            case TEXT -> 0x23;
            case NTEXT -> 0x63;
            case IMAGE -> 0x22;
            case XML -> 0xF1;
            case BINARY, ROWVERSION -> 0xAD;
            case VARBINARY -> 0xA5;
            case UNIQUEIDENTIFIER -> 0x24;
            case DATE -> 0x28;
            case TIME -> 0x29;
            case DATETIME2 -> 0x2A;
            case DATETIMEOFFSET -> 0x2B;
            case SMALLDATETIME, DATETIME -> 0x6F;
            case HIERARCHYID, GEOMETRY, GEOGRAPHY -> 0xF0;
            case SQL_VARIANT -> 0x62;
        };
    }

    static void write(WireBuffer out, SqlType type) {
        out.putByte(token(type.base()));
        switch (type.base()) {
            case BIT, TINYINT -> out.putByte(1);
            case SMALLINT -> out.putByte(2);
            case INT, REAL, SMALLMONEY, SMALLDATETIME -> out.putByte(4);
            case BIGINT, FLOAT, MONEY, DATETIME -> out.putByte(8);
            case UNIQUEIDENTIFIER -> out.putByte(16);
            case DECIMAL, NUMERIC ->
                out.putByte(1 + NumberBodies.Decimal.magnitudeSize(precision(type)))
                        .putByte(precision(type))
                        .putByte(type.scale());
            case CHAR, VARCHAR, NCHAR, NVARCHAR ->
                out.putShort(byteLength(type)).putBytes(collation());
            case BINARY, VARBINARY, ROWVERSION -> out.putShort(byteLength(type));
            case TEXT, NTEXT -> out.putInt(Integer.MAX_VALUE).putBytes(collation());
            case IMAGE -> out.putInt(Integer.MAX_VALUE);
            case XML -> out.putByte(0);
            case DATE -> {
                // A date needs no more.
            }
            case TIME, DATETIME2, DATETIMEOFFSET -> out.putByte(type.scale());
            case HIERARCHYID, GEOMETRY, GEOGRAPHY -> writeUserDefined(out, type.base());
            case SQL_VARIANT -> out.putInt(8009);
        }
    }

    private static void writeUserDefined(WireBuffer out, SqlType.Base base) {
        String name = base.name().toLowerCase(Locale.ROOT);
        out.putShort(base == SqlType.Base.HIERARCHYID ? 892 : MAX);
        out.putShortText("master").putShortText("sys").putShortText(name);
        out.putLongText("Microsoft.SqlServer.Types.Sql" + name + ", Microsoft.SqlServer.Types");
    }

    /// In bytes; all ones for `(max)`. A length of 0 is taken for the longest there is.
    static int byteLength(SqlType type) {
        if (type.base() == SqlType.Base.ROWVERSION) {
            return 8;
        }
        int width = switch (type.base()) {
            case NCHAR, NVARCHAR -> 2;
            default -> 1;
        };
        return type.length() < 0 ? MAX : type.length() == 0 ? LONGEST : width * type.length();
    }

    /// 18 where none was given, as in `decimal`.
    static int precision(SqlType type) {
        return type.precision() == 0 ? 18 : type.precision();
    }

    /// What a parameter's description says.
    static SqlType read(WireReader in) throws ProtocolException {
        int token = in.unsignedByte();
        return switch (token) {
            case 0x68, 0x26, 0x6D, 0x6E, 0x6F, 0x24 -> bySize(token, in);
            case 0x6A -> decimal(SqlType.Base.DECIMAL, in);
            case 0x6C -> decimal(SqlType.Base.NUMERIC, in);
            case 0xAF -> text(SqlType.Base.CHAR, 1, in);
            case 0xA7 -> text(SqlType.Base.VARCHAR, 1, in);
            case 0xEF -> text(SqlType.Base.NCHAR, 2, in);
            case 0xE7 -> text(SqlType.Base.NVARCHAR, 2, in);
            case 0xAD -> new SqlType(SqlType.Base.BINARY, in.unsignedShort(), 0, 0);
            case 0xA5 -> new SqlType(SqlType.Base.VARBINARY, (short) in.unsignedShort(), 0, 0);
            case 0x28 -> SqlType.of(SqlType.Base.DATE);
            case 0x29 -> new SqlType(SqlType.Base.TIME, 0, 0, in.unsignedByte());
            case 0x2A -> new SqlType(SqlType.Base.DATETIME2, 0, 0, in.unsignedByte());
            case 0x2B -> new SqlType(SqlType.Base.DATETIMEOFFSET, 0, 0, in.unsignedByte());
            case 0x22, 0x23, 0x63, 0x62 -> large(token, in);
            case 0xF1 -> xml(in);
            default -> throw new ProtocolException("the stand-in takes no parameters of type 0x%02X".formatted(token));
        };
    }

    private static SqlType bySize(int token, WireReader in) throws ProtocolException {
        int size = in.unsignedByte();
        return SqlType.of(
                switch (token << 8 | size) {
                    case 0x6801 -> SqlType.Base.BIT;
                    case 0x2601 -> SqlType.Base.TINYINT;
                    case 0x2602 -> SqlType.Base.SMALLINT;
                    case 0x2604 -> SqlType.Base.INT;
                    case 0x2608 -> SqlType.Base.BIGINT;
                    case 0x6D04 -> SqlType.Base.REAL;
                    case 0x6D08 -> SqlType.Base.FLOAT;
                    case 0x6E04 -> SqlType.Base.SMALLMONEY;
                    case 0x6E08 -> SqlType.Base.MONEY;
                    case 0x6F04 -> SqlType.Base.SMALLDATETIME;
                    case 0x6F08 -> SqlType.Base.DATETIME;
                    case 0x2400, 0x2410 -> SqlType.Base.UNIQUEIDENTIFIER;
                    default -> throw new ProtocolException("type 0x%02X of %d bytes".formatted(token, size));
                });
    }

    private static SqlType decimal(SqlType.Base base, WireReader in) throws ProtocolException {
        in.unsignedByte();
        int precision = in.unsignedByte();
        return new SqlType(base, 0, precision, in.unsignedByte());
    }

    private static SqlType text(SqlType.Base base, int width, WireReader in) throws ProtocolException {
        int bytes = in.unsignedShort();
        in.bytes(collation().length);
        return new SqlType(base, bytes == MAX ? -1 : bytes / width, 0, 0);
    }

    private static SqlType large(int token, WireReader in) throws ProtocolException {
        in.intValue();
        if (token == 0x23 || token == 0x63) {
            in.bytes(collation().length);
        }
        return SqlType.of(
                switch (token) {
                    case 0x22 -> SqlType.Base.IMAGE;
                    case 0x23 -> SqlType.Base.TEXT;
                    case 0x63 -> SqlType.Base.NTEXT;
                    default -> SqlType.Base.SQL_VARIANT;
                });
    }

    private static SqlType xml(WireReader in) throws ProtocolException {
        if (in.unsignedByte() != 0) {
            throw new ProtocolException("the stand-in takes no XML with a schema");
        }
        return SqlType.of(SqlType.Base.XML);
    }
}
