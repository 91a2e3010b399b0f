package io.dstream.mssql.bench;

import io.dstream.mssql.config.ReadingConfig.ReadMode;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/// What the program is measured against: one query, every column read with the getter that the program uses, too, and
/// thrown away. Says how many rows there were and stays until its stdin ends, so that it can be looked at.
final class BareLoop {

    /// The environment variable that says where to connect.
    static final String URL = "BENCH_URL";

    /// The environment variable with the name of a [RowShape].
    static final String SHAPE = "BENCH_SHAPE";

    /// The environment variable with the configuration's `read_mode`.
    static final String MODE = "BENCH_MODE";

    private static final int LSN_LENGTH = 10;

    private final ReadMode mode;
    private final String query;
    private final Base[] types;

    private BareLoop(RowShape shape, ReadMode mode) {
        this.mode = mode;
        this.query = query(shape, mode);
        this.types =
                shape.columns().stream().map(column -> column.type().base()).toArray(Base[]::new);
    }

    /// No arguments: everything comes in the environment.
    public static void main(String[] args) throws SQLException, IOException {
        RowShape shape = RowShape.named(System.getenv(SHAPE)).orElseThrow();
        ReadMode mode = ReadMode.valueOf(System.getenv(MODE).toUpperCase(Locale.ROOT));
        long rows = new BareLoop(shape, mode).read(System.getenv(URL));
        try (OutputStream out = new FileOutputStream(FileDescriptor.out);
                InputStream in = new FileInputStream(FileDescriptor.in)) {
            out.write((rows + "\n").getBytes(StandardCharsets.US_ASCII));
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /// As the program's own.
    private static String query(RowShape shape, ReadMode mode) {
        String columns = shape.columns().stream()
                .map(column -> ", c.[" + column.name() + "]")
                .collect(Collectors.joining("", ", c.[id]", ""));
        return switch (mode) {
            case FUNCTION -> """
                    SELECT c.[__$start_lsn], c.[__$seqval], c.[__$operation]%s
                    FROM [cdc].[fn_cdc_get_all_changes_dbo_bench](?, ?, N'all') AS c
                    ORDER BY c.[__$start_lsn], c.[__$seqval], c.[__$operation]""".formatted(columns);
            case CHANGE_TABLE -> """
                    SELECT c.[__$start_lsn], c.[__$seqval], c.[__$operation],
                           COALESCE(c.[__$command_id], -1) AS command_id%s
                    FROM [cdc].[dbo_bench_CT] AS c
                    WHERE c.[__$start_lsn] >= ? AND c.[__$start_lsn] <= ? AND c.[__$operation] <> 3
                    ORDER BY c.[__$start_lsn], c.[__$command_id], c.[__$seqval], c.[__$operation]""".formatted(columns);
        };
    }

    private long read(String url) throws SQLException {
        long rows = 0;
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setBytes(1, new byte[LSN_LENGTH]);
            statement.setBytes(2, HexFormat.of().parseHex("ff".repeat(LSN_LENGTH)));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    readColumns(row);
                    rows++;
                }
            }
        }
        return rows;
    }

    private void readColumns(ResultSet row) throws SQLException {
        row.getBytes(1);
        row.getBytes(2);
        row.getInt(3);
        int index = 4;
        if (mode == ReadMode.CHANGE_TABLE) {
            row.getInt(index++);
        }
        row.getInt(index++);
        for (Base type : types) {
            readColumn(row, index++, type);
        }
    }

    private static void readColumn(ResultSet row, int index, Base type) throws SQLException {
        switch (type) {
            case BIT -> row.getBoolean(index);
            case SMALLINT, INT -> row.getInt(index);
            case BIGINT -> row.getLong(index);
            case DECIMAL -> row.getBigDecimal(index);
            case FLOAT -> row.getDouble(index);
            case VARCHAR, NVARCHAR -> row.getString(index);
            case UNIQUEIDENTIFIER, VARBINARY -> row.getBytes(index);
            case DATE -> row.getObject(index, LocalDate.class);
            case DATETIME2 -> row.getObject(index, LocalDateTime.class);
            default -> throw new IllegalArgumentException("no getter for " + type);
        }
    }
}
