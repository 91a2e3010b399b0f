package io.dstream.mssql.bench;

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
import java.time.LocalDateTime;
import java.util.HexFormat;

/// What the program is measured against: one query, every column read with the getter that the program uses, too, and
/// thrown away. Says how many rows there were and stays until its stdin ends, so that it can be looked at.
final class BareLoop {

    /// The environment variable that says where to connect.
    static final String URL = "BENCH_URL";

    private static final String QUERY = """
            SELECT c.[__$start_lsn], c.[__$seqval], c.[__$operation], c.[id], c.[account], c.[name],
                   c.[code], c.[amount], c.[active], c.[changed_at], c.[score], c.[reference], c.[remark]
            FROM [cdc].[fn_cdc_get_all_changes_dbo_bench](?, ?, N'all') AS c
            ORDER BY c.[__$start_lsn], c.[__$seqval], c.[__$operation]""";

    private static final int LSN_LENGTH = 10;

    private BareLoop() {}

    /// No arguments: everything comes in the environment.
    public static void main(String[] args) throws SQLException, IOException {
        long rows = read(System.getenv(URL));
        try (OutputStream out = new FileOutputStream(FileDescriptor.out);
                InputStream in = new FileInputStream(FileDescriptor.in)) {
            out.write((rows + "\n").getBytes(StandardCharsets.US_ASCII));
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static long read(String url) throws SQLException {
        long rows = 0;
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement = connection.prepareStatement(QUERY)) {
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

    private static void readColumns(ResultSet row) throws SQLException {
        row.getBytes(1);
        row.getBytes(2);
        row.getInt(3);
        row.getInt(4);
        row.getLong(5);
        row.getString(6);
        row.getString(7);
        row.getBigDecimal(8);
        row.getBoolean(9);
        row.getObject(10, LocalDateTime.class);
        row.getDouble(11);
        row.getBytes(12);
        row.getString(13);
    }
}
