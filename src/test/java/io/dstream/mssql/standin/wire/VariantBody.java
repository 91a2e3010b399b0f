package io.dstream.mssql.standin.wire;

import java.net.ProtocolException;

/// A `sql_variant`: the type of its value, what describes that type, and the value's bytes without a length.
record VariantBody() implements ValueBody {

    @Override
    public void write(WireBuffer out, Object value) {
        SqlType.SqlVariant variant = (SqlType.SqlVariant) value;
        SqlType type = variant.type();
        out.putByte(token(type.base()));
        int start = out.putByte(0).position();
        writeProperties(out, type);
        out.setByte(start - 1, out.position() - start);
        TypeCodec.body(type).write(out, variant.value());
    }

    @Override
    public Object read(WireReader in, int length) throws ProtocolException {
        throw new ProtocolException("the stand-in does not take sql_variant parameters");
    }

    private static int token(SqlType.Base base) {
        return switch (base) {
            case BIT -> 0x32;
            case TINYINT -> 0x30;
            case SMALLINT -> 0x34;
            case INT -> 0x38;
            case BIGINT -> 0x7F;
            case REAL -> 0x3B;
            case FLOAT -> 0x3E;
            case MONEY -> 0x3C;
            case SMALLMONEY -> 0x7A;
            case DATETIME -> 0x3D;
            case SMALLDATETIME -> 0x3A;
            default -> TypeInfo.token(base);
        };
    }

    private static void writeProperties(WireBuffer out, SqlType type) {
        switch (type.base()) {
            case DECIMAL, NUMERIC -> out.putByte(TypeInfo.precision(type)).putByte(type.scale());
            case TIME, DATETIME2, DATETIMEOFFSET -> out.putByte(type.scale());
            case BINARY, VARBINARY -> out.putShort(TypeInfo.byteLength(type));
            case CHAR, VARCHAR, NCHAR, NVARCHAR ->
                out.putBytes(TypeInfo.collation()).putShort(TypeInfo.byteLength(type));
            case TEXT, NTEXT, IMAGE, XML, ROWVERSION, HIERARCHYID, GEOMETRY, GEOGRAPHY, SQL_VARIANT ->
                throw new IllegalArgumentException("a sql_variant cannot hold " + type.base());
            default -> {
                // Nothing describes the others.
            }
        }
    }
}
