package io.dstream.mssql.bench;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import io.dstream.mssql.standin.wire.TdsRowEncoder;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The rows of the change function for a table of ten mixed columns, always the same ones. For one thread.
final class SyntheticRows {

    static final String CREATE_TABLE = """
            CREATE TABLE dbo.bench (
                id int NOT NULL PRIMARY KEY,
                account bigint NOT NULL,
                name nvarchar(50) NOT NULL,
                code varchar(20) NOT NULL,
                amount decimal(18,2) NOT NULL,
                active bit NOT NULL,
                changed_at datetime2(3) NOT NULL,
                score float NOT NULL,
                reference uniqueidentifier NOT NULL,
                remark nvarchar(100) NULL)""";

    static final List<SqlColumn> COLUMNS = List.of(
            new SqlColumn("__$start_lsn", new SqlType(Base.BINARY, 10, 0, 0), false),
            new SqlColumn("__$seqval", new SqlType(Base.BINARY, 10, 0, 0), false),
            new SqlColumn("__$operation", SqlType.of(Base.INT), false),
            new SqlColumn("id", SqlType.of(Base.INT), true),
            new SqlColumn("account", SqlType.of(Base.BIGINT), true),
            new SqlColumn("name", new SqlType(Base.NVARCHAR, 50, 0, 0), true),
            new SqlColumn("code", new SqlType(Base.VARCHAR, 20, 0, 0), true),
            new SqlColumn("amount", new SqlType(Base.DECIMAL, 0, 18, 2), true),
            new SqlColumn("active", SqlType.of(Base.BIT), true),
            new SqlColumn("changed_at", new SqlType(Base.DATETIME2, 0, 0, 3), true),
            new SqlColumn("score", SqlType.of(Base.FLOAT), true),
            new SqlColumn("reference", SqlType.of(Base.UNIQUEIDENTIFIER), true),
            new SqlColumn("remark", new SqlType(Base.NVARCHAR, 100, 0, 0), true));

    private static final int INSERT = 2;
    private static final LocalDateTime EPOCH = LocalDateTime.of(2025, 1, 1, 0, 0);
    private static final int MILLIS_A_YEAR = Integer.MAX_VALUE;

    private final Random random = new Random(20_250_928);
    private int id;

    /// The next `count` rows, all of transaction `commitLsn`, ids going on from the last call's.
    byte[] encode(Lsn commitLsn, int count) {
        TdsRowEncoder encoder = TdsRowEncoder.forColumns(COLUMNS);
        byte[] lsn = commitLsn.toBytes();
        for (int i = 1; i <= count; i++) {
            encoder.add(row(lsn, new Lsn(commitLsn.high(), i).toBytes()));
        }
        return encoder.toByteArray();
    }

    private @Nullable Object[] row(byte[] lsn, byte[] seqval) {
        id++;
        return new @Nullable Object[] {
            lsn,
            seqval,
            INSERT,
            id,
            random.nextLong(),
            words("Ødegård Müller ", 50),
            "C-" + random.nextInt(1_000_000),
            BigDecimal.valueOf(random.nextInt(), 2),
            random.nextBoolean(),
            EPOCH.plusNanos(random.nextInt(MILLIS_A_YEAR) * 1_000_000L),
            random.nextInt() / 64.0,
            new UUID(random.nextLong(), random.nextLong()),
            random.nextBoolean() ? null : words("as agreed by \"phone\" on Monday, ", 100)
        };
    }

    /// Between 5 and `most` characters.
    private String words(String text, int most) {
        return text.repeat(most / text.length() + 1).substring(0, random.nextInt(5, most + 1));
    }
}
