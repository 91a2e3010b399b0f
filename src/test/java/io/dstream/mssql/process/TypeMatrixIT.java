package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.process.TypeMatrix.Column;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every type, from an INSERT to the text on stdout, compared letter for letter.
final class TypeMatrixIT {

    private static final List<Column> COLUMNS = TypeMatrix.columns();

    /// One more than the most values, so that every type is NULL once.
    private static final int ROWS = 1
            + COLUMNS.stream().mapToInt(column -> column.values().size()).max().orElseThrow();

    private static final Pattern CHANGE = Pattern.compile(
            "\"change_type\":\"(\\w+)\",\"data\":\\{(.*?)\\},"
                    + "\"timestamp\":\"[^\"]+\",\"lsn\":\"[^\"]+\",\"seq\":\"[^\"]+\"(,\"unavailable_columns\":\\[[^\\]]*\\])?\\}");

    private static final String GONE_IN_DELETES =
            ",\"unavailable_columns\":" + "[\"c_text\",\"c_ntext\",\"c_image\",\"c_computed\"]";
    private static final String COMPUTED = ",\"unavailable_columns\":[\"c_computed\"]";

    private static final Map<Integer, String> ROW_VERSIONS = new HashMap<>();

    private static TestDatabase database;

    @BeforeAll
    static void writeEveryValue() throws Exception {
        database = TestDatabase.create();
        database.run("CREATE TYPE dbo.Phone FROM varchar(20) NULL");
        String columns = COLUMNS.stream()
                .map(column -> column.name() + " " + column.type() + " NULL")
                .collect(Collectors.joining(", "));
        database.run("CREATE TABLE dbo.matrix (id int NOT NULL PRIMARY KEY, " + columns
                + ", c_computed AS (id * 2), c_rowversion rowversion)");
        database.capture("dbo", "matrix");
        for (int row = 0; row < ROWS; row++) {
            database.run(insert(row));
            ROW_VERSIONS.put(row, rowVersion(row));
        }
        database.run("UPDATE dbo.matrix SET c_bit = 0 WHERE id = 1");
        ROW_VERSIONS.put(ROWS, rowVersion(1));
        database.run("DELETE FROM dbo.matrix WHERE id <= 1");
        database.awaitCaptured("dbo_matrix", ROWS + 2 + 2);
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @BeforeEach
    void forgetPosition() {
        database.run("IF OBJECT_ID(N'cdc_offsets', N'U') IS NOT NULL DROP TABLE cdc_offsets");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/New_York", "Australia/Lord_Howe"})
    void everyValueIsExactInEveryZoneOfThisMachine(String zone) throws IOException, InterruptedException {
        assertSame(changes(zone, false), expected(false));
    }

    @Test
    void decimalsAreTextWhereAskedFor() throws IOException, InterruptedException {
        assertSame(changes("UTC", true), expected(true));
    }

    /// Member by member, so that a failure names the column and not a page of text.
    private static void assertSame(List<String> changes, List<String> expected) {
        assertThat(changes).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            List<String> members = members(changes.get(i));
            List<String> wanted = members(expected.get(i));
            for (int m = 0; m < Math.min(members.size(), wanted.size()); m++) {
                assertThat(members.get(m)).as("change %d", i).isEqualTo(wanted.get(m));
            }
            assertThat(changes.get(i)).isEqualTo(expected.get(i));
        }
    }

    private static List<String> members(String change) {
        return List.of(change.split(",(?=\"c_)", -1));
    }

    private static List<String> changes(String zone, boolean decimalsAsStrings)
            throws IOException, InterruptedException {
        String config = Configs.of(database, "dbo.matrix")
                .put("stop_when_caught_up", true)
                .put("decimals_as_strings", decimalsAsStrings)
                .put("max_line_bytes", 0)
                .toString();
        List<String> changes = new ArrayList<>();
        try (IngesterProcess process =
                IngesterProcess.start(config, Map.of("DSTREAM_JAVA_OPTS", "-Duser.timezone=" + zone), true)) {
            assertThat(process.awaitExit(Poll.LIMIT)).as("%s", process.stderr()).isZero();
            for (String line : process.stdout()) {
                Matcher change = CHANGE.matcher(line);
                while (change.find()) {
                    String unavailable = change.group(3);
                    changes.add(
                            change.group(1) + " {" + change.group(2) + "}" + (unavailable == null ? "" : unavailable));
                }
            }
        }
        return changes;
    }

    private static List<String> expected(boolean decimalsAsStrings) {
        List<String> expected = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            expected.add("insert {" + data(row, row, decimalsAsStrings, false) + "}" + COMPUTED);
        }
        String updated = data(1, ROWS, decimalsAsStrings, false);
        expected.add("update {" + updated + "}" + COMPUTED);
        expected.add("delete {" + data(0, 0, decimalsAsStrings, true) + "}" + GONE_IN_DELETES);
        expected.add("delete {" + data(1, ROWS, decimalsAsStrings, true) + "}" + GONE_IN_DELETES);
        return expected;
    }

    private static String data(int row, int version, boolean decimalsAsStrings, boolean deleted) {
        String values = COLUMNS.stream()
                .filter(column -> !deleted || !column.goneInDeletes())
                .map(column -> "\"" + column.name() + "\":" + json(column, row, decimalsAsStrings))
                .collect(Collectors.joining(","));
        String updated = version == ROWS ? values.replace("\"c_bit\":true", "\"c_bit\":false") : values;
        return "\"id\":" + row + "," + updated + ",\"c_rowversion\":\"" + ROW_VERSIONS.get(version) + "\"";
    }

    private static String json(Column column, int row, boolean decimalsAsStrings) {
        String json = column.value(row).json();
        boolean quoted = decimalsAsStrings && column.decimal() && !json.equals("null");
        return quoted ? "\"" + json + "\"" : json;
    }

    private static String insert(int row) {
        String names = COLUMNS.stream().map(Column::name).collect(Collectors.joining(", "));
        String values = COLUMNS.stream().map(column -> column.value(row).sql()).collect(Collectors.joining(", "));
        return "INSERT INTO dbo.matrix (id, " + names + ") VALUES (" + row + ", " + values + ")";
    }

    private static String rowVersion(int row) throws Exception {
        String hex = database.ask("SELECT CONVERT(varchar(20), c_rowversion, 2) FROM dbo.matrix WHERE id = " + row);
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
