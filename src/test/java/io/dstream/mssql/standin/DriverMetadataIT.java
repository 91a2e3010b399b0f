package io.dstream.mssql.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The catalogue procedures, as the driver's `DatabaseMetaData` asks them.
class DriverMetadataIT {

    private static final String DATABASE = "shop";

    /// One column of each type, the way `sp_columns_100` orders them: as they were declared.
    private static final String ALL_TYPES = """
            CREATE TABLE dbo.all_types (
                c1 bit, c2 tinyint, c3 smallint, c4 int, c5 bigint, c6 real, c7 float, c8 decimal(18,2),
                c9 numeric(10,4), c10 money, c11 smallmoney, c12 char(5), c13 varchar(20), c14 varchar(max),
                c15 nchar(4), c16 nvarchar(20), c17 nvarchar(max), c18 text, c19 ntext, c20 xml, c21 binary(3),
                c22 varbinary(20), c23 varbinary(max), c24 image, c25 uniqueidentifier, c26 date, c27 time(3),
                c28 smalldatetime, c29 datetime, c30 datetime2(7), c31 datetimeoffset(2), c32 sql_variant)""";

    private static StandIn server;
    private static Connection connection;

    @BeforeAll
    static void start() throws Exception {
        server = StandIn.start();
        server.engine().createDatabase(DATABASE);
        connection = DriverManager.getConnection("jdbc:sqlserver://127.0.0.1:" + server.port() + ";databaseName="
                + DATABASE + ";user=" + StandIn.USER + ";password=" + StandIn.PASSWORD + ";encrypt=false");
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE dbo.order_lines (line int NOT NULL, [order] bigint NOT NULL,"
                    + " note nvarchar(10) NULL, twice AS (line * 2), PRIMARY KEY ([order], line))");
            statement.execute("CREATE TABLE dbo.orderXlines (id int IDENTITY(1,1) NOT NULL PRIMARY KEY)");
            statement.execute(ALL_TYPES);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        connection.close();
        server.close();
    }

    @Test
    void findsTablesByPattern() throws SQLException {
        DatabaseMetaData metadata = connection.getMetaData();
        String[] tables = {"TABLE"};
        String[] views = {"VIEW"};
        assertThat(column(metadata.getTables(DATABASE, "dbo", "order_lines", tables), 3))
                .containsExactly("order_lines", "orderXlines");
        assertThat(column(metadata.getTables(DATABASE, "dbo", "order\\_lines", tables), 3))
                .containsExactly("order_lines");
        assertThat(column(metadata.getTables(DATABASE, null, null, tables), 3))
                .containsExactly("all_types", "order_lines", "orderXlines");
        assertThat(column(metadata.getTables(DATABASE, null, null, views), 3)).isEmpty();
    }

    @Test
    void namesKeysInTheirOrder() throws SQLException {
        DatabaseMetaData metadata = connection.getMetaData();
        assertThat(column(metadata.getPrimaryKeys(DATABASE, "dbo", "order_lines"), 4))
                .containsExactly("order", "line");
        assertThat(column(metadata.getPrimaryKeys(DATABASE, "dbo", "order_lines"), 5))
                .containsExactly("1", "2");
        assertThat(column(metadata.getPrimaryKeys(DATABASE, "dbo", "all_types"), 4))
                .isEmpty();
    }

    @Test
    void describesColumns() throws SQLException {
        DatabaseMetaData metadata = connection.getMetaData();
        try (ResultSet row = metadata.getColumns(DATABASE, "dbo", "order\\_lines", "%")) {
            List<String> described = new ArrayList<>();
            while (row.next()) {
                described.add(String.join(
                        " ",
                        row.getString("COLUMN_NAME"),
                        row.getString("TYPE_NAME"),
                        row.getString("COLUMN_SIZE"),
                        row.getString("IS_NULLABLE"),
                        row.getString("ORDINAL_POSITION"),
                        row.getString("IS_GENERATEDCOLUMN")));
            }
            assertThat(described)
                    .containsExactly(
                            "line int 10 NO 1 NO",
                            "order bigint 19 NO 2 NO",
                            "note nvarchar 10 YES 3 NO",
                            "twice int 10 YES 4 YES");
        }
        try (ResultSet row = metadata.getColumns(DATABASE, "dbo", "orderXlines", null)) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString("TYPE_NAME")).isEqualTo("int identity");
            assertThat(row.getString("IS_AUTOINCREMENT")).isEqualTo("YES");
        }
    }

    /// The driver knows types from two sides; the two must agree.
    @Test
    void describesTypesAsResultsDo() throws SQLException {
        Map<String, Integer> declared = new LinkedHashMap<>();
        try (ResultSet row = connection.getMetaData().getColumns(DATABASE, "dbo", "all_types", null)) {
            while (row.next()) {
                declared.put(row.getString("COLUMN_NAME"), row.getInt("DATA_TYPE"));
            }
        }
        Map<String, Integer> inResults = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM dbo.all_types")) {
            ResultSetMetaData result = none.getMetaData();
            for (int i = 1; i <= result.getColumnCount(); i++) {
                inResults.put(result.getColumnName(i), result.getColumnType(i));
            }
        }
        // The only one that they name differently: the procedure has ODBC's number.
        assertThat(declared.put("c32", microsoft.sql.Types.SQL_VARIANT)).isEqualTo(-150);
        assertThat(declared).isEqualTo(inResults);
    }

    private static List<String> column(ResultSet rows, int index) throws SQLException {
        List<String> values = new ArrayList<>();
        try (rows) {
            while (rows.next()) {
                values.add(rows.getString(index));
            }
        }
        return values;
    }
}
