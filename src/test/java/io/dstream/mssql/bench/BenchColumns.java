package io.dstream.mssql.bench;

import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The columns of each [RowShape], without `id`.
final class BenchColumns {

    static final List<BenchColumn> NARROW = narrow();
    static final List<BenchColumn> WIDE = wide();
    static final List<BenchColumn> LOB = lob();

    private static final LocalDateTime EPOCH = LocalDateTime.of(2025, 1, 1, 0, 0);
    private static final int WIDE_COLUMNS = 60;

    private BenchColumns() {}

    private static List<BenchColumn> narrow() {
        return List.of(
                column("account", SqlType.of(Base.BIGINT), Random::nextLong),
                column("name", new SqlType(Base.NVARCHAR, 50, 0, 0), random -> words(random, "Ødegård Müller ", 50)),
                column("code", new SqlType(Base.VARCHAR, 20, 0, 0), random -> "C-" + random.nextInt(1_000_000)),
                column(
                        "amount",
                        new SqlType(Base.DECIMAL, 0, 18, 2),
                        random -> BigDecimal.valueOf(random.nextInt(), 2)),
                column("active", SqlType.of(Base.BIT), Random::nextBoolean),
                column("changed_at", new SqlType(Base.DATETIME2, 0, 0, 3), BenchColumns::moment),
                column("score", SqlType.of(Base.FLOAT), random -> random.nextInt() / 64.0),
                column(
                        "reference",
                        SqlType.of(Base.UNIQUEIDENTIFIER),
                        random -> new UUID(random.nextLong(), random.nextLong())),
                new BenchColumn("remark", new SqlType(Base.NVARCHAR, 100, 0, 0), true, BenchColumns::remark));
    }

    private static List<BenchColumn> wide() {
        List<BenchColumn> kinds = new ArrayList<>(narrow());
        kinds.add(column("quantity", SqlType.of(Base.INT), random -> random.nextInt(1_000)));
        kinds.add(column("due_on", SqlType.of(Base.DATE), random -> LocalDate.ofEpochDay(random.nextInt(20_000))));
        kinds.add(new BenchColumn("rank", SqlType.of(Base.SMALLINT), true, BenchColumns::rank));
        kinds.add(column("digest", new SqlType(Base.VARBINARY, 32, 0, 0), random -> bytes(random, 32)));
        List<BenchColumn> columns = new ArrayList<>();
        for (int i = 1; i < WIDE_COLUMNS; i++) {
            BenchColumn kind = kinds.get(i % kinds.size());
            columns.add(new BenchColumn(kind.name() + "_" + i, kind.type(), kind.nullable(), kind.value()));
        }
        return List.copyOf(columns);
    }

    /// JSON of it stays below the program's default for the longest line.
    private static List<BenchColumn> lob() {
        return List.of(
                column("code", new SqlType(Base.VARCHAR, 20, 0, 0), random -> "D-" + random.nextInt(1_000_000)),
                column(
                        "body",
                        new SqlType(Base.NVARCHAR, -1, 0, 0),
                        random -> text("as agreed by \"phone\" on Monday; ", random.nextInt(5_000, 20_000))),
                column(
                        "document",
                        new SqlType(Base.VARBINARY, -1, 0, 0),
                        random -> bytes(random, random.nextInt(10_000, 25_000))));
    }

    private static BenchColumn column(String name, SqlType type, Function<Random, @Nullable Object> value) {
        return new BenchColumn(name, type, false, value);
    }

    private static LocalDateTime moment(Random random) {
        return EPOCH.plusNanos(random.nextInt(Integer.MAX_VALUE) * 1_000_000L);
    }

    private static @Nullable Object remark(Random random) {
        return random.nextBoolean() ? null : words(random, "as agreed by \"phone\" on Monday, ", 100);
    }

    private static @Nullable Object rank(Random random) {
        return random.nextBoolean() ? null : random.nextInt(30_000);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /// Between 5 and `most` characters.
    private static String words(Random random, String text, int most) {
        return text(text, random.nextInt(5, most + 1));
    }

    private static String text(String text, int length) {
        return text.repeat(length / text.length() + 1).substring(0, length);
    }
}
