package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import io.dstream.mssql.standin.wire.SqlType.SqlVariant;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the stand-in does not store, but can serve: `sql_variant` of every type, and a type that we do not know.
final class ServedTypesIT {

    private static final SqlType INT = SqlType.of(Base.INT);
    private static final SqlType LSN = new SqlType(Base.BINARY, 10, 0, 0);

    private record Variant(SqlVariant value, String json) {}

    private static final List<Variant> VARIANTS = List.of(
            variant(Base.BIT, true, "true"),
            variant(Base.TINYINT, 255, "255"),
            variant(Base.SMALLINT, -32768, "-32768"),
            variant(Base.INT, Integer.MIN_VALUE, "-2147483648"),
            variant(Base.BIGINT, Long.MAX_VALUE, "9223372036854775807"),
            variant(Base.REAL, 0.1f, "0.1"),
            variant(Base.FLOAT, 1.2345678901234567, "1.2345678901234567"),
            variant(new SqlType(Base.DECIMAL, 0, 38, 2), new BigDecimal("-12.30"), "-12.30"),
            variant(Base.MONEY, new BigDecimal("12.3400"), "12.3400"),
            variant(new SqlType(Base.VARCHAR, 10, 0, 0), "é", "\"é\""),
            variant(new SqlType(Base.NVARCHAR, 10, 0, 0), "日", "\"日\""),
            variant(new SqlType(Base.VARBINARY, 10, 0, 0), new byte[] {1, 2, 3}, "\"AQID\""),
            variant(
                    Base.UNIQUEIDENTIFIER,
                    UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
                    "\"00112233-4455-6677-8899-AABBCCDDEEFF\""),
            variant(Base.DATE, LocalDate.of(1, 1, 1), "\"0001-01-01\""),
            variant(Base.DATE, LocalDate.of(9999, 12, 31), "\"9999-12-31\""),
            variant(scaled(Base.TIME, 7), LocalTime.parse("02:30:00.1234567"), "\"02:30:00.1234567\""),
            variant(scaled(Base.TIME, 7), LocalTime.parse("23:59:59.9999999"), "\"23:59:59.9999999\""),
            variant(Base.DATETIME, LocalDateTime.parse("2025-03-09T02:30:00.003"), "\"2025-03-09T02:30:00.003\""),
            variant(Base.SMALLDATETIME, LocalDateTime.parse("2025-10-05T02:15:00"), "\"2025-10-05T02:15:00\""),
            variant(
                    scaled(Base.DATETIME2, 7),
                    LocalDateTime.parse("2025-03-09T02:30:00.1234567"),
                    "\"2025-03-09T02:30:00.1234567\""),
            variant(
                    scaled(Base.DATETIME2, 7),
                    LocalDateTime.parse("1500-02-28T23:00:00.0000001"),
                    "\"1500-02-28T23:00:00.0000001\""),
            variant(
                    scaled(Base.DATETIME2, 7),
                    LocalDateTime.parse("9999-12-31T23:59:59.9999999"),
                    "\"9999-12-31T23:59:59.9999999\""),
            variant(
                    scaled(Base.DATETIMEOFFSET, 7),
                    OffsetDateTime.parse("2025-03-09T02:30:00.1234567+14:00"),
                    "\"2025-03-09T02:30:00.1234567+14:00\""));

    private static final StatementInterceptor UNKNOWN_TYPE = (sql, parameters, answers) -> {
        if (!sql.contains("FROM cdc.captured_columns")) {
            return false;
        }
        ServedColumns.answer(answers, new Object[] {"id", 1, false, "int", 4, 10, 0, 1}, new Object[] {
            "v", 2, false, "vector", 20, 0, 0, 2
        });
        return true;
    };

    private TestDatabase database;
    private StandIn standIn;

    @BeforeEach
    void create() throws Exception {
        database = TestDatabase.create();
        assumeTrue(database.standIn().isPresent(), "only the stand-in can be made to answer");
        standIn = database.standIn().orElseThrow();
        database.run("CREATE TABLE dbo.served (id int NOT NULL PRIMARY KEY, v sql_variant NULL)");
        database.capture("dbo", "served");
        database.run("INSERT INTO dbo.served (id) VALUES (0)");
        database.awaitCaptured("dbo_served", 1);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private static Variant variant(Base base, Object value, String json) {
        return variant(SqlType.of(base), value, json);
    }

    private static Variant variant(SqlType type, Object value, String json) {
        return new Variant(new SqlVariant(type, value), json);
    }

    private static SqlType scaled(Base base, int scale) {
        return new SqlType(base, 0, 0, scale);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/New_York", "Australia/Lord_Howe"})
    void aVariantIsWrittenAsTheTypeItHolds(String zone) throws IOException, InterruptedException, SQLException {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < VARIANTS.size(); i++) {
            expected.add("insert {\"id\":" + i + ",\"v\":" + VARIANTS.get(i).json() + "}");
        }

        assertThat(Drain.texts(run(serveVariants(commitLsn()), zone, 0).stdout()))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void numbersOfManyDigitsInAVariantAreTextWhereAskedFor() throws IOException, InterruptedException, SQLException {
        ObjectNode config = Configs.of(database, "dbo.served").put("decimals_as_strings", true);

        assertThat(Drain.texts(run(serveVariants(commitLsn()), "UTC", 0, config).stdout()))
                .filteredOn(text -> text.matches(".*\"v\":\"-?[0-9.]+\"\\}"))
                .extracting(text -> text.replaceAll(".*\"v\":", ""))
                .containsExactly("\"9223372036854775807\"}", "\"-12.30\"}", "\"12.3400\"}");
    }

    private byte[] commitLsn() throws SQLException {
        return HexFormat.of()
                .parseHex(database.ask("SELECT CONVERT(varchar(30), __$start_lsn, 2) FROM cdc.dbo_served_CT"));
    }

    private static StatementInterceptor serveVariants(byte[] commitLsn) {
        return (sql, parameters, answers) -> {
            if (!sql.contains("fn_cdc_get_all_changes_dbo_served")) {
                return false;
            }
            answers.columns(List.of(
                    new SqlColumn("__$start_lsn", LSN, true),
                    new SqlColumn("__$seqval", LSN, true),
                    new SqlColumn("__$operation", INT, true),
                    new SqlColumn("id", INT, true),
                    new SqlColumn("v", SqlType.of(Base.SQL_VARIANT), true)));
            for (int i = 0; i < VARIANTS.size(); i++) {
                byte[] seqval = {0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) i};
                answers.row(
                        new Object[] {commitLsn, seqval, 2, i, VARIANTS.get(i).value()});
            }
            answers.done(StatementKind.SELECT, VARIANTS.size());
            return true;
        };
    }

    @Test
    void aTypeWeDoNotKnowStopsItsTableAndSaysWhatToDo() throws IOException, InterruptedException {
        assertThat(run(UNKNOWN_TYPE, "UTC", 1).stderr())
                .anyMatch(line -> line.contains("table dbo.served, column v: there is no JSON form for the type vector;"
                        + " leave the column out, with exclude_columns or of the capture instance"));
    }

    @Test
    void itStopsTheTableBeforeThereIsAnythingToRead() throws IOException, InterruptedException {
        database.run("CREATE TABLE dbo.untouched (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "untouched");
        ObjectNode config = Configs.of(database, "dbo.untouched").put("start_from", "latest");

        assertThat(run(UNKNOWN_TYPE, "UTC", 1, config).stderr())
                .anyMatch(line -> line.contains("table dbo.untouched, column v: there is no JSON form"))
                .noneMatch(line -> line.contains("Following table"));
    }

    @Test
    void itMayBeExcluded() throws IOException, InterruptedException {
        ObjectNode config = Configs.of(database);
        ObjectNode entry = config.withArray("tables").addObject().put("name", "dbo.served");
        entry.putArray("exclude_columns").add("v");

        assertThat(Drain.texts(run(UNKNOWN_TYPE, "UTC", 0, config).stdout())).containsExactly("insert {\"id\":0}");
    }

    private Drain run(StatementInterceptor interceptor, String zone, int exitCode)
            throws IOException, InterruptedException {
        return run(interceptor, zone, exitCode, Configs.of(database, "dbo.served"));
    }

    private Drain run(StatementInterceptor interceptor, String zone, int exitCode, ObjectNode config)
            throws IOException, InterruptedException {
        standIn.engine().addInterceptor(interceptor);
        String json = config.put("stop_when_caught_up", true).toString();
        try (IngesterProcess process =
                IngesterProcess.start(json, Map.of("DSTREAM_JAVA_OPTS", "-Duser.timezone=" + zone), true)) {
            assertThat(process.awaitExit(Poll.LIMIT)).as("%s", process.stderr()).isEqualTo(exitCode);
            return new Drain(exitCode, List.copyOf(process.stdout()), List.copyOf(process.stderr()));
        } finally {
            standIn.engine().removeInterceptor(interceptor);
        }
    }
}
