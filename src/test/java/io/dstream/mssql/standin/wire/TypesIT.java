package io.dstream.mssql.standin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlType.Base;
import io.dstream.mssql.standin.wire.SqlType.SqlVariant;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import microsoft.sql.DateTimeOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every type, in results and as a parameter, with its least, greatest, empty and absent values.
@Timeout(60)
class TypesIT {

    static Stream<Arguments> results() {
        byte[] bytes = {0, 1, (byte) 0xFF};
        UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        return Stream.of(
                arguments(SqlType.of(Base.BIT), List.of(true, false)),
                arguments(SqlType.of(Base.TINYINT), List.of(0, 255)),
                arguments(SqlType.of(Base.SMALLINT), List.of(-32768, 32767)),
                arguments(SqlType.of(Base.INT), List.of(Integer.MIN_VALUE, Integer.MAX_VALUE)),
                arguments(SqlType.of(Base.BIGINT), List.of(Long.MIN_VALUE, Long.MAX_VALUE)),
                arguments(SqlType.of(Base.REAL), List.of(-Float.MAX_VALUE, Float.MIN_NORMAL, 0f)),
                arguments(SqlType.of(Base.FLOAT), List.of(-Double.MAX_VALUE, Double.MIN_NORMAL, 0d)),
                arguments(new SqlType(Base.DECIMAL, 0, 9, 2), decimals("-9999999.99", "9999999.99", "0.00")),
                arguments(new SqlType(Base.DECIMAL, 0, 19, 0), decimals("-9999999999999999999", "1")),
                arguments(new SqlType(Base.NUMERIC, 0, 28, 28), decimals("0.9999999999999999999999999999")),
                arguments(
                        new SqlType(Base.DECIMAL, 0, 38, 5),
                        decimals(
                                "-999999999999999999999999999999999.99999", "999999999999999999999999999999999.99999")),
                arguments(SqlType.of(Base.MONEY), decimals("-922337203685477.5808", "922337203685477.5807", "-0.0001")),
                arguments(SqlType.of(Base.SMALLMONEY), decimals("-214748.3648", "214748.3647")),
                arguments(new SqlType(Base.CHAR, 3, 0, 0), List.of("abc", "é€ ")),
                arguments(new SqlType(Base.VARCHAR, 8000, 0, 0), List.of("", "x".repeat(8000), "ÄÖÜß€")),
                arguments(new SqlType(Base.VARCHAR, -1, 0, 0), List.of("", "x".repeat(100_000))),
                arguments(new SqlType(Base.NCHAR, 3, 0, 0), List.of("日本語")),
                arguments(new SqlType(Base.NVARCHAR, 4000, 0, 0), List.of("", "日".repeat(4000), "\uD83D\uDE00")),
                arguments(new SqlType(Base.NVARCHAR, -1, 0, 0), List.of("", "日".repeat(100_000))),
                arguments(SqlType.of(Base.TEXT), List.of("", "t".repeat(20_000))),
                arguments(SqlType.of(Base.NTEXT), List.of("", "日".repeat(20_000))),
                arguments(SqlType.of(Base.XML), List.of("", "<a>é</a>")),
                arguments(new SqlType(Base.BINARY, 3, 0, 0), List.of(bytes)),
                arguments(new SqlType(Base.VARBINARY, 8000, 0, 0), List.of(new byte[0], bytes, new byte[8000])),
                arguments(new SqlType(Base.VARBINARY, -1, 0, 0), List.of(new byte[0], new byte[100_000])),
                arguments(SqlType.of(Base.IMAGE), List.of(new byte[0], bytes)),
                arguments(SqlType.of(Base.ROWVERSION), List.of(new byte[] {0, 0, 0, 0, 0, 0, 7, (byte) 0xD1})),
                arguments(SqlType.of(Base.UNIQUEIDENTIFIER), List.of(uuid, new UUID(0, 0), new UUID(-1, -1))),
                arguments(SqlType.of(Base.DATE), List.of(LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31))),
                arguments(new SqlType(Base.TIME, 0, 0, 0), List.of(LocalTime.MIN, LocalTime.of(23, 59, 59))),
                arguments(new SqlType(Base.TIME, 0, 0, 4), List.of(LocalTime.parse("23:59:59.9999"))),
                arguments(new SqlType(Base.TIME, 0, 0, 7), List.of(LocalTime.parse("23:59:59.9999999"))),
                arguments(
                        SqlType.of(Base.SMALLDATETIME),
                        List.of(LocalDateTime.parse("1900-01-01T00:00"), LocalDateTime.parse("2079-06-06T23:59"))),
                arguments(
                        SqlType.of(Base.DATETIME),
                        List.of(
                                LocalDateTime.parse("1753-01-01T00:00"),
                                LocalDateTime.parse("2024-02-29T12:34:56.123"),
                                LocalDateTime.parse("9999-12-31T23:59:59.997"))),
                arguments(new SqlType(Base.DATETIME2, 0, 0, 0), List.of(LocalDateTime.parse("2024-02-29T12:34:56"))),
                arguments(
                        new SqlType(Base.DATETIME2, 0, 0, 3), List.of(LocalDateTime.parse("2024-02-29T12:34:56.789"))),
                arguments(
                        new SqlType(Base.DATETIME2, 0, 0, 7),
                        List.of(
                                LocalDateTime.parse("0001-01-01T00:00"),
                                LocalDateTime.parse("9999-12-31T23:59:59.9999999"))),
                arguments(
                        new SqlType(Base.DATETIMEOFFSET, 0, 0, 7),
                        List.of(
                                OffsetDateTime.parse("2024-02-29T00:34:56.1234567+14:00"),
                                OffsetDateTime.parse("2024-02-29T23:34:56.1234567-05:30"))),
                arguments(
                        new SqlType(Base.DATETIMEOFFSET, 0, 0, 0), List.of(OffsetDateTime.parse("2024-02-29T00:00Z"))),
                arguments(SqlType.of(Base.HIERARCHYID), List.of(new byte[] {0x58}, new byte[0])),
                arguments(SqlType.of(Base.GEOMETRY), List.of(new byte[22])),
                arguments(SqlType.of(Base.GEOGRAPHY), List.of(new byte[22])));
    }

    @ParameterizedTest
    @MethodSource("results")
    void resultsArriveAsTheyWereSent(SqlType type, List<Object> values) throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    answers.columns(List.of(new SqlColumn("v", type, true)));
                    answers.row(new @Nullable Object[] {null});
                    for (Object value : values) {
                        answers.row(new Object[] {value});
                    }
                    answers.done(StatementKind.SELECT, values.size() + 1L);
                });
                Connection connection = wire.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT v")) {
            assertThat(rows.getMetaData().getColumnTypeName(1)).isEqualTo(typeName(type.base()));
            assertThat(rows.next()).isTrue();
            assertThat(rows.getObject(1)).isNull();
            for (Object value : values) {
                assertThat(rows.next()).isTrue();
                assertThat(read(rows, type.base())).isEqualTo(value);
            }
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void variantsCarryTheirOwnTypes() throws Exception {
        List<SqlVariant> variants = List.of(
                new SqlVariant(SqlType.of(Base.BIT), true),
                new SqlVariant(SqlType.of(Base.TINYINT), 255),
                new SqlVariant(SqlType.of(Base.SMALLINT), -5),
                new SqlVariant(SqlType.of(Base.INT), 5),
                new SqlVariant(SqlType.of(Base.BIGINT), 5L),
                new SqlVariant(SqlType.of(Base.FLOAT), 1.5),
                new SqlVariant(new SqlType(Base.DECIMAL, 0, 10, 2), new BigDecimal("-12.34")),
                new SqlVariant(SqlType.of(Base.MONEY), new BigDecimal("12.3400")),
                new SqlVariant(new SqlType(Base.NVARCHAR, 10, 0, 0), "日本"),
                new SqlVariant(new SqlType(Base.VARCHAR, 10, 0, 0), "é"),
                new SqlVariant(SqlType.of(Base.UNIQUEIDENTIFIER), new UUID(1, 2)),
                new SqlVariant(SqlType.of(Base.DATE), LocalDate.of(2024, 2, 29)),
                new SqlVariant(new SqlType(Base.DATETIME2, 0, 0, 3), LocalDateTime.parse("2024-02-29T12:00:00.5")));
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    answers.columns(List.of(new SqlColumn("v", SqlType.of(Base.SQL_VARIANT), true)));
                    for (SqlVariant variant : variants) {
                        answers.row(new Object[] {variant});
                    }
                    answers.row(new @Nullable Object[] {null});
                    answers.done(StatementKind.SELECT, variants.size() + 1L);
                });
                Connection connection = wire.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT v")) {
            List<String> read = new ArrayList<>();
            while (rows.next()) {
                read.add(String.valueOf(rows.getObject(1)));
            }
            assertThat(read)
                    .containsExactly(
                            "true",
                            "255",
                            "-5",
                            "5",
                            "5",
                            "1.5",
                            "-12.34",
                            "12.3400",
                            "日本",
                            "é",
                            "00000000-0000-0001-0000-000000000002",
                            "2024-02-29",
                            "2024-02-29 12:00:00.5",
                            "null");
        }
    }

    /// Sets one parameter as an application would.
    interface Setter {
        void set(PreparedStatement statement) throws SQLException;
    }

    static Stream<Arguments> parameters() {
        LocalDateTime moment = LocalDateTime.parse("2024-02-29T12:34:56.1234567");
        OffsetDateTime offset = OffsetDateTime.parse("2024-02-29T00:34:56.1234567+14:00");
        UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        return Stream.of(
                parameter(s -> s.setBoolean(1, true), Base.BIT, true),
                parameter(s -> s.setByte(1, (byte) 200), Base.TINYINT, 200),
                parameter(s -> s.setShort(1, Short.MIN_VALUE), Base.SMALLINT, -32768),
                parameter(s -> s.setInt(1, Integer.MIN_VALUE), Base.INT, Integer.MIN_VALUE),
                parameter(s -> s.setLong(1, Long.MAX_VALUE), Base.BIGINT, Long.MAX_VALUE),
                parameter(s -> s.setFloat(1, 1.5f), Base.REAL, 1.5f),
                parameter(s -> s.setDouble(1, -1e300), Base.FLOAT, -1e300),
                parameter(s -> s.setBigDecimal(1, new BigDecimal("-12.340")), Base.DECIMAL, new BigDecimal("-12.340")),
                parameter(s -> s.setString(1, ""), Base.NVARCHAR, ""),
                parameter(s -> s.setString(1, "日本"), Base.NVARCHAR, "日本"),
                parameter(s -> s.setString(1, "日".repeat(50_000)), Base.NVARCHAR, "日".repeat(50_000)),
                parameter(s -> s.setString(1, null), Base.NVARCHAR, null),
                parameter(s -> s.setBytes(1, new byte[0]), Base.VARBINARY, new byte[0]),
                parameter(s -> s.setBytes(1, new byte[] {1, -1}), Base.VARBINARY, new byte[] {1, -1}),
                parameter(s -> s.setBytes(1, new byte[9_000]), Base.VARBINARY, new byte[9_000]),
                parameter(s -> s.setBytes(1, null), Base.VARBINARY, null),
                parameter(s -> s.setObject(1, uuid), Base.UNIQUEIDENTIFIER, uuid),
                parameter(s -> s.setObject(1, LocalDate.of(1, 1, 1)), Base.DATE, LocalDate.of(1, 1, 1)),
                parameter(s -> s.setDate(1, Date.valueOf("2024-02-29")), Base.DATE, LocalDate.of(2024, 2, 29)),
                parameter(s -> s.setObject(1, moment.toLocalTime()), Base.TIME, moment.toLocalTime()),
                parameter(s -> s.setObject(1, moment), Base.DATETIME2, moment),
                parameter(s -> s.setTimestamp(1, Timestamp.valueOf(moment)), Base.DATETIME2, moment),
                parameter(s -> s.setObject(1, offset), Base.DATETIMEOFFSET, offset),
                parameter(s -> s.setNull(1, Types.INTEGER), Base.INT, null),
                parameter(s -> s.setNull(1, Types.BIGINT), Base.BIGINT, null),
                parameter(s -> s.setNull(1, Types.TIMESTAMP), Base.DATETIME2, null),
                parameter(s -> s.setNull(1, Types.DECIMAL), Base.DECIMAL, null),
                parameter(TypesIT::setXml, Base.XML, "<a>é</a>"));
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void parametersArriveAsTheyWereSet(Setter setter, Base base, @Nullable Object value) throws Exception {
        List<SqlParameter> seen = new CopyOnWriteArrayList<>();
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    seen.addAll(parameters);
                    answers.done(StatementKind.UPDATE, 1);
                });
                Connection connection = wire.connect();
                PreparedStatement statement = connection.prepareStatement("UPDATE t SET v = ?")) {
            setter.set(statement);
            statement.executeUpdate();
        }
        assertThat(seen).hasSize(1);
        assertThat(seen.getFirst().type().base()).isEqualTo(base);
        assertThat(seen.getFirst().value()).isEqualTo(value);
    }

    private static void setXml(PreparedStatement statement) throws SQLException {
        SQLXML xml = statement.getConnection().createSQLXML();
        xml.setString("<a>é</a>");
        statement.setSQLXML(1, xml);
    }

    private static Arguments parameter(Setter setter, Base base, @Nullable Object value) {
        return arguments(setter, base, value);
    }

    private static List<Object> decimals(String... values) {
        return Stream.of(values).<Object>map(BigDecimal::new).toList();
    }

    private static String typeName(Base base) {
        return base == Base.ROWVERSION ? "timestamp" : base.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object read(ResultSet rows, Base base) throws SQLException {
        return switch (base) {
            case BIT -> rows.getBoolean(1);
            case TINYINT, SMALLINT, INT -> rows.getInt(1);
            case BIGINT -> rows.getLong(1);
            case REAL -> rows.getFloat(1);
            case FLOAT -> rows.getDouble(1);
            case DECIMAL, NUMERIC, MONEY, SMALLMONEY -> rows.getBigDecimal(1);
            case CHAR, VARCHAR, NCHAR, NVARCHAR, TEXT, NTEXT, XML -> rows.getString(1);
            case BINARY, VARBINARY, IMAGE, ROWVERSION, HIERARCHYID, GEOMETRY, GEOGRAPHY -> rows.getBytes(1);
            case UNIQUEIDENTIFIER -> UUID.fromString(rows.getString(1));
            case DATE -> rows.getObject(1, LocalDate.class);
            case TIME -> rows.getObject(1, LocalTime.class);
            case SMALLDATETIME, DATETIME, DATETIME2 -> rows.getObject(1, LocalDateTime.class);
            case DATETIMEOFFSET -> rows.getObject(1, DateTimeOffset.class).getOffsetDateTime();
            case SQL_VARIANT -> rows.getObject(1);
        };
    }
}
