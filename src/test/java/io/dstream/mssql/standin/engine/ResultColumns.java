package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The columns of a result with the types that SQL Server would give them: a table's column has its declared type,
/// an expression the type nearest to H2's.
final class ResultColumns {

    private final Catalog catalog;
    private final Map<String, SqlType> derived = new HashMap<>();

    private ResultColumns(Catalog catalog) {
        this.catalog = catalog;
    }

    /// `derived` are the SELECTs behind aliases of derived tables.
    static List<SqlColumn> of(
            ResultSetMetaData metaData, Catalog catalog, Map<String, String> derived, Connection connection)
            throws SQLException, SqlServerError {
        ResultColumns types = new ResultColumns(catalog);
        for (Map.Entry<String, String> entry : derived.entrySet()) {
            types.addDerived(entry.getKey(), entry.getValue(), connection);
        }
        List<SqlColumn> columns = new ArrayList<>();
        for (int i = 1; i <= metaData.getColumnCount(); i++) {
            boolean nullable = metaData.isNullable(i) != ResultSetMetaData.columnNoNulls;
            columns.add(new SqlColumn(metaData.getColumnLabel(i), types.type(metaData, i), nullable));
        }
        return columns;
    }

    private void addDerived(String alias, String select, Connection connection) throws SQLException, SqlServerError {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            ResultSetMetaData metaData = statement.getMetaData();
            for (int i = 1; i <= metaData.getColumnCount(); i++) {
                derived.put(key(alias, metaData.getColumnLabel(i)), type(metaData, i));
            }
        }
    }

    private static String key(String alias, String column) {
        return alias.toLowerCase(Locale.ROOT) + "\0" + column.toLowerCase(Locale.ROOT);
    }

    private SqlType type(ResultSetMetaData metaData, int i) throws SQLException, SqlServerError {
        String table = String.valueOf(metaData.getTableName(i));
        String column = metaData.getColumnName(i);
        SqlType ofDerived = derived.get(key(table, column));
        if (ofDerived != null) {
            return ofDerived;
        }
        Optional<Catalog.Table> declared = catalog.table(String.valueOf(metaData.getSchemaName(i)), table);
        for (Catalog.Column candidate : declared.map(Catalog.Table::columns).orElse(List.of())) {
            if (candidate.name().equalsIgnoreCase(column)) {
                return candidate.type();
            }
        }
        return switch (metaData.getColumnTypeName(i)) {
            case "UUID" -> SqlType.of(Base.UNIQUEIDENTIFIER);
            case "DECFLOAT" -> SqlType.of(Base.FLOAT);
            default -> fromH2(metaData.getColumnType(i), metaData.getPrecision(i), metaData.getScale(i));
        };
    }

    /// The type of an expression.
    private static SqlType fromH2(int jdbcType, int precision, int scale) throws SqlServerError {
        return switch (jdbcType) {
            case Types.BOOLEAN, Types.BIT -> SqlType.of(Base.BIT);
            case Types.TINYINT, Types.SMALLINT -> SqlType.of(Base.SMALLINT);
            case Types.INTEGER, Types.NULL -> SqlType.of(Base.INT);
            case Types.BIGINT -> SqlType.of(Base.BIGINT);
            case Types.REAL -> SqlType.of(Base.REAL);
            case Types.DOUBLE, Types.FLOAT -> SqlType.of(Base.FLOAT);
            case Types.NUMERIC, Types.DECIMAL ->
                new SqlType(Base.DECIMAL, 0, Math.clamp(precision, 1, 38), Math.clamp(scale, 0, 38));
            case Types.CHAR -> new SqlType(Base.NCHAR, Math.clamp(precision, 1, 4000), 0, 0);
            case Types.VARCHAR, Types.CLOB -> new SqlType(Base.NVARCHAR, length(precision, 4000), 0, 0);
            case Types.BINARY -> new SqlType(Base.BINARY, Math.clamp(precision, 1, 8000), 0, 0);
            case Types.VARBINARY, Types.BLOB -> new SqlType(Base.VARBINARY, length(precision, 8000), 0, 0);
            case Types.DATE -> SqlType.of(Base.DATE);
            case Types.TIME -> new SqlType(Base.TIME, 0, 0, Math.clamp(scale, 0, 7));
            case Types.TIMESTAMP -> new SqlType(Base.DATETIME2, 0, 0, Math.clamp(scale, 0, 7));
            case Types.TIMESTAMP_WITH_TIMEZONE -> new SqlType(Base.DATETIMEOFFSET, 0, 0, Math.clamp(scale, 0, 7));
            default -> throw new SqlServerError(50000, "The stand-in has no type for H2's " + jdbcType + ".");
        };
    }

    private static int length(int precision, int most) {
        return precision > most ? -1 : Math.max(precision, 1);
    }
}
