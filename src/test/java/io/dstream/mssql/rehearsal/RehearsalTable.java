package io.dstream.mssql.rehearsal;

import io.dstream.mssql.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The table of the rehearsal: the types that most columns have, and what happens to rows. Few transactions, all
/// of them in one window; values that repeat themselves, which keeps the recording short.
final class RehearsalTable {

    private static final int INSERTS = 200;
    private static final int ROWS_OF_AN_INSERT = 110;
    private static final int UPDATED = 120;
    private static final int DELETED = 60;

    private static final List<String> WORDS = List.of("Grete", "Müller & Söhne", "a \"quoted\" name", "日本", "");

    private RehearsalTable() {}

    /// Creates and fills it, and waits until all of it is captured.
    static void create(TestDatabase database) throws Exception {
        database.run("""
                CREATE TABLE dbo.rehearsal (
                    id int NOT NULL PRIMARY KEY,
                    account bigint NOT NULL,
                    quantity int NULL,
                    active bit NOT NULL,
                    amount decimal(18,2) NOT NULL,
                    score float NOT NULL,
                    name nvarchar(50) NOT NULL,
                    code varchar(20) NOT NULL,
                    remark nvarchar(100) NULL,
                    changed_at datetime2(3) NOT NULL,
                    due_on date NULL,
                    reference uniqueidentifier NOT NULL
                )""");
        database.capture("dbo", "rehearsal");
        List<String> statements = new ArrayList<>();
        for (int insert = 0; insert < INSERTS; insert++) {
            int first = insert * ROWS_OF_AN_INSERT;
            statements.add("INSERT INTO dbo.rehearsal VALUES "
                    + IntStream.range(first, first + ROWS_OF_AN_INSERT)
                            .mapToObj(RehearsalTable::row)
                            .collect(Collectors.joining(", ")));
        }
        statements.add("UPDATE dbo.rehearsal SET name = N'changed', amount = 1.5 WHERE id < " + UPDATED);
        statements.add("DELETE FROM dbo.rehearsal WHERE id < " + DELETED);
        database.run(statements.toArray(String[]::new));
        database.awaitCaptured("dbo_rehearsal", INSERTS * ROWS_OF_AN_INSERT + 2 * UPDATED + DELETED);
    }

    private static String row(int id) {
        int digit = id % 10;
        String word = WORDS.get(id % WORDS.size());
        return String.format(
                Locale.ROOT,
                "(%d, %d00000000%d, %s, %d, %d2345.67, %d.125E3, N'%s', 'code-%d', %s,"
                        + " '2025-11-0%d 12:34:56.789', '2025-0%d-28', '00112233-4455-6677-8899-AABBCCDDEE0%d')",
                id,
                digit + 1,
                digit,
                id % 7 == 0 ? "NULL" : "10" + digit,
                digit % 2,
                digit + 1,
                digit,
                word,
                digit,
                id % 3 == 0 ? "NULL" : "N'" + (word + " ").repeat(digit % 4) + "'",
                digit % 9 + 1,
                digit % 9 + 1,
                digit);
    }
}
