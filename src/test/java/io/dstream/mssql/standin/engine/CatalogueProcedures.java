package io.dstream.mssql.standin.engine;

import static io.dstream.mssql.standin.engine.ReportRows.NAME;
import static io.dstream.mssql.standin.engine.ReportRows.NUMBER;
import static io.dstream.mssql.standin.engine.ReportRows.SMALL;
import static io.dstream.mssql.standin.engine.ReportRows.TEXT;

import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The catalogue procedures behind the driver's `DatabaseMetaData`: they answer from the catalogue. Defaults of columns
/// are the one thing that it does not keep, so `COLUMN_DEF` is NULL.
///
/// Source: Microsoft Learn, "Catalog stored procedures (Transact-SQL)".
final class CatalogueProcedures {

    /// The batch that the driver puts around `sp_columns_100`, up to its table variable, which is nowhere else known.
    private static final String COLUMNS_BATCH = "DECLARE @mssqljdbc_temp_sp_columns_result TABLE(";

    private final EngineSession session;
    private final Answers answers;

    CatalogueProcedures(EngineSession session, Answers answers) {
        this.session = session;
        this.answers = answers;
    }

    /// True for the batch that [#columnsBatch] runs.
    static boolean isColumnsBatch(String sql) {
        return sql.startsWith(COLUMNS_BATCH);
    }

    /// `sp_columns_100`, whose result the driver's batch selects from a table variable under the names of JDBC. Errors:
    /// 2812 for `sp_columns_170`, which SQL Server 2025 is the first to have; the driver then asks for the other.
    void columnsBatch(String sql, List<SqlParameter> parameters) throws SqlServerError, SQLException, IOException {
        if (!sql.contains("EXEC sp_columns_100 @P0,@P1,@P2,@P3,@P4,@P5;")) {
            throw new SqlServerError(2812, 16, 62, "Could not find stored procedure 'sp_columns_170'.");
        }
        List<SqlParameter> positional = parameters.stream()
                .map(parameter -> new SqlParameter("", parameter.type(), parameter.value(), false))
                .toList();
        columns(ProcedureCall.ofRpc("sp_columns_100", positional));
    }

    private void columns(ProcedureCall call) throws SqlServerError, SQLException, IOException {
        ProcedureCall.Arguments arguments =
                call.bind("@table_name", "@table_owner", "@table_qualifier", "@column_name", "@NameScope", "@ODBCVer");
        LikePattern column = LikePattern.of(arguments.text("@column_name").orElse(null));
        ReportRows report = new ReportRows()
                .with(NAME, "TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME")
                .with(NUMBER, "DATA_TYPE")
                .with(NAME, "TYPE_NAME")
                .with(NUMBER, "COLUMN_SIZE", "BUFFER_LENGTH", "DECIMAL_DIGITS", "NUM_PREC_RADIX", "NULLABLE")
                .with(TEXT, "REMARKS", "COLUMN_DEF")
                .with(NUMBER, "SQL_DATA_TYPE", "SQL_DATETIME_SUB", "CHAR_OCTET_LENGTH", "ORDINAL_POSITION")
                .with(TEXT, "IS_NULLABLE", "SCOPE_CATALOG", "SCOPE_SCHEMA", "SCOPE_TABLE")
                .with(SMALL, "SOURCE_DATA_TYPE")
                .with(TEXT, "IS_AUTOINCREMENT", "IS_GENERATEDCOLUMN")
                .with(SMALL, "SS_IS_SPARSE", "SS_IS_COLUMN_SET")
                .with(NAME, "SS_UDT_CATALOG_NAME", "SS_UDT_SCHEMA_NAME", "SS_UDT_ASSEMBLY_TYPE_NAME")
                .with(NAME, "SS_XML_SCHEMACOLLECTION_CATALOG_NAME", "SS_XML_SCHEMACOLLECTION_SCHEMA_NAME")
                .with(NAME, "SS_XML_SCHEMACOLLECTION_NAME");
        for (Catalog.Table table : tables(arguments)) {
            for (Catalog.Column each : table.columns()) {
                if (column.matches(each.name())) {
                    describe(table, each, report);
                }
            }
        }
        report.answer(answers);
    }

    private void describe(Catalog.Table table, Catalog.Column column, ReportRows report) {
        OdbcType type = OdbcType.of(column.type());
        String declared = column.alias().orElse(SystemTypes.name(column.type().base()));
        boolean nullable = column.nullable();
        report.add(
                session.database(),
                table.schema(),
                table.name(),
                column.name(),
                type.dataType(),
                column.identity() ? declared + " identity" : declared,
                type.precision(),
                type.length(),
                type.scale(),
                type.radix(),
                nullable ? 1 : 0,
                null,
                null,
                type.sqlDataType(),
                type.dateTimePart(),
                type.octets(),
                session.home().catalog().columnId(table, column.name()),
                nullable ? "YES" : "NO",
                null,
                null,
                null,
                type.serverType(),
                column.identity() ? "YES" : "NO",
                column.computedAs().isPresent() ? "YES" : "NO",
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /// `sp_tables`.
    void tables(ProcedureCall call) throws SqlServerError, SQLException, IOException {
        ProcedureCall.Arguments arguments =
                call.bind("@table_name", "@table_owner", "@table_qualifier", "@table_type", "@fUsePattern");
        boolean wanted = arguments
                .text("@table_type")
                .map(types -> types.contains("'TABLE'"))
                .orElse(true);
        ReportRows report = new ReportRows()
                .with(NAME, "TABLE_QUALIFIER", "TABLE_OWNER", "TABLE_NAME")
                .with(TEXT, "TABLE_TYPE", "REMARKS");
        for (Catalog.Table table : wanted ? tables(arguments) : List.<Catalog.Table>of()) {
            report.add(session.database(), table.schema(), table.name(), "TABLE", null);
        }
        report.answer(answers);
    }

    /// `sp_pkeys`: names are no patterns here. The catalogue keeps no name of a key, so it has the usual beginning of
    /// one.
    void primaryKeys(ProcedureCall call) throws SqlServerError, SQLException, IOException {
        ProcedureCall.Arguments arguments = call.bind("@table_name", "@table_owner", "@table_qualifier");
        requireHome(arguments);
        Optional<Catalog.Table> table = session.home()
                .catalog()
                .table(arguments.text("@table_owner").orElse("dbo"), arguments.require("@table_name"));
        ReportRows report = new ReportRows()
                .with(NAME, "TABLE_QUALIFIER", "TABLE_OWNER", "TABLE_NAME", "COLUMN_NAME")
                .with(SMALL, "KEY_SEQ")
                .with(NAME, "PK_NAME");
        if (table.isPresent()) {
            Catalog.Table found = table.get();
            for (int i = 0; i < found.primaryKey().size(); i++) {
                report.add(
                        session.database(),
                        found.schema(),
                        found.name(),
                        found.primaryKey().get(i),
                        i + 1,
                        "PK__" + found.name());
            }
        }
        report.answer(answers);
    }

    /// Those the session may read, of its own database, by owner and name; views of schema `sys` are no tables.
    private List<Catalog.Table> tables(ProcedureCall.Arguments arguments) throws SqlServerError, SQLException {
        requireHome(arguments);
        LikePattern owner = LikePattern.of(arguments.text("@table_owner").orElse(null));
        LikePattern name = LikePattern.of(arguments.text("@table_name").orElse(null));
        String user = session.user().name();
        List<Catalog.Table> found = new ArrayList<>();
        for (Catalog.Table table : session.home().catalog().tables()) {
            if (!table.schema().equals("sys")
                    && owner.matches(table.schema())
                    && name.matches(table.name())
                    && session.home().permissions().allowed(user, "SELECT", table.schema(), table.name())) {
                found.add(table);
            }
        }
        found.sort(Comparator.comparing(Catalog.Table::schema)
                .thenComparing(Catalog.Table::name, String.CASE_INSENSITIVE_ORDER));
        return found;
    }

    /// Errors: 15250.
    private void requireHome(ProcedureCall.Arguments arguments) throws SqlServerError {
        Optional<String> qualifier = arguments.text("@table_qualifier");
        if (qualifier.isPresent() && !qualifier.get().equalsIgnoreCase(session.database())) {
            throw new SqlServerError(
                    15250,
                    "The database name component of the object qualifier must be the name of the current database.");
        }
    }
}
