package io.dstream.mssql.standin.wire;

import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/// Writes and reads the values of one type.
record TypeCodec(SqlType type, Framing framing, ValueBody body) {

    static TypeCodec of(SqlType type) {
        return new TypeCodec(type, framing(type), body(type));
    }

    void write(WireBuffer out, @Nullable Object value) {
        if (value == null) {
            framing.writeNull(out);
        } else {
            framing.write(out, body, value);
        }
    }

    /// A parameter's value.
    @Nullable
    Object read(WireReader in) throws ProtocolException {
        return framing.read(in, body);
    }

    private static Framing framing(SqlType type) {
        return switch (type.base()) {
            case CHAR, NCHAR, BINARY, ROWVERSION -> Framing.SHORT_LENGTH;
            case VARCHAR, NVARCHAR, VARBINARY -> type.length() < 0 ? Framing.CHUNKS : Framing.SHORT_LENGTH;
            case XML, HIERARCHYID, GEOMETRY, GEOGRAPHY -> Framing.CHUNKS;
            case TEXT, NTEXT, IMAGE -> Framing.TEXT_POINTER;
            case SQL_VARIANT -> Framing.FOUR_BYTES;
            default -> Framing.BYTE_LENGTH;
        };
    }

    static ValueBody body(SqlType type) {
        return switch (type.base()) {
            case BIT -> new NumberBodies.Bit();
            case TINYINT -> new NumberBodies.Whole(1);
            case SMALLINT -> new NumberBodies.Whole(2);
            case INT -> new NumberBodies.Whole(4);
            case BIGINT -> new NumberBodies.Whole(8);
            case REAL -> new NumberBodies.Real();
            case FLOAT -> new NumberBodies.Double8();
            case DECIMAL, NUMERIC -> new NumberBodies.Decimal(TypeInfo.precision(type), type.scale());
            case MONEY -> new NumberBodies.Money(8);
            case SMALLMONEY -> new NumberBodies.Money(4);
            case CHAR, VARCHAR, TEXT -> new ByteBodies.CodePage();
            case NCHAR, NVARCHAR, NTEXT, XML -> new ByteBodies.Utf16();
            case BINARY, VARBINARY, IMAGE, ROWVERSION, HIERARCHYID, GEOMETRY, GEOGRAPHY -> new ByteBodies.Raw();
            case UNIQUEIDENTIFIER -> new ByteBodies.Guid();
            case DATE -> new TemporalBodies.Date();
            case TIME -> new TemporalBodies.Time(type.scale());
            case SMALLDATETIME -> new TemporalBodies.SmallDateTime();
            case DATETIME -> new TemporalBodies.DateTime();
            case DATETIME2 -> new TemporalBodies.DateTime2(type.scale());
            case DATETIMEOFFSET -> new TemporalBodies.DateTimeOffset(type.scale());
            case SQL_VARIANT -> new VariantBody();
        };
    }
}
