package io.dstream.mssql.bench;

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

/// What the program is measured against: one query, every column read with the getter that is usual for its type, and
/// thrown away. Loads as few classes as it can. Says how many rows there were and stays until its stdin ends, so that
/// it can be looked at.
final class BareLoop {

    /// The environment variable that says where to connect.
    static final String URL = "BENCH_URL";

    /// The environment variable with the query.
    static final String QUERY = "BENCH_QUERY";

    /// The environment variable with the types of its columns, names of [Base] with commas between.
    static final String TYPES = "BENCH_TYPES";

    private static final int LSN_LENGTH = 10;

    private final String query;
    private final Base[] types;

    private BareLoop(String query, Base[] types) {
        this.query = query;
        this.types = types;
    }

    /// No arguments: everything comes in the environment.
    public static void main(String[] args) throws SQLException, IOException {
        long rows = new BareLoop(System.getenv(QUERY), types(System.getenv(TYPES))).read(System.getenv(URL));
        try (OutputStream out = new FileOutputStream(FileDescriptor.out);
                InputStream in = new FileInputStream(FileDescriptor.in)) {
            out.write((rows + "\n").getBytes(StandardCharsets.US_ASCII));
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static Base[] types(String names) {
        String[] each = names.split(",", -1);
        Base[] types = new Base[each.length];
        for (int i = 0; i < each.length; i++) {
            types[i] = Base.valueOf(each[i]);
        }
        return types;
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
        for (int i = 0; i < types.length; i++) {
            readColumn(row, i + 1, types[i]);
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
            case UNIQUEIDENTIFIER, BINARY, VARBINARY -> row.getBytes(index);
            case DATE -> row.getObject(index, LocalDate.class);
            case DATETIME2 -> row.getObject(index, LocalDateTime.class);
            default -> throw new IllegalArgumentException("no getter for " + type);
        }
    }
}
