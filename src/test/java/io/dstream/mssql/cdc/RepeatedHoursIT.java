package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An hour that New York had twice, looked at piece by piece.
final class RepeatedHoursIT {

    private static final List<String> LOCAL =
            List.of("00:59", "01:20", "01:50:00.003", "01:50", "01:10", "01:55", "02:00");
    private static final List<Instant> TIMES = List.of(
            Instant.parse("2025-11-02T04:59:00Z"),
            Instant.parse("2025-11-02T05:20:00Z"),
            Instant.parse("2025-11-02T05:50:00.003Z"),
            Instant.parse("2025-11-02T05:50:00Z"),
            Instant.parse("2025-11-02T06:10:00Z"),
            Instant.parse("2025-11-02T06:55:00Z"),
            Instant.parse("2025-11-02T07:00:00Z"));

    private TestDatabase database;
    private final List<Lsn> commits = new ArrayList<>();

    @BeforeEach
    void fill() throws Exception {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "t");
        for (int id = 0; id < LOCAL.size(); id++) {
            database.run("INSERT INTO dbo.t VALUES (" + id + ")");
            database.awaitCaptured("dbo_t", id + 1L);
            database.run("DECLARE @lsn binary(10) = (SELECT MAX(__$start_lsn) FROM cdc.dbo_t_CT);"
                    + " UPDATE cdc.lsn_time_mapping SET tran_end_time = '2025-11-02 " + LOCAL.get(id)
                    + "' WHERE start_lsn = @lsn");
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT __$start_lsn FROM cdc.dbo_t_CT ORDER BY __$start_lsn")) {
            while (row.next()) {
                commits.add(Lsn.of(row.getBytes(1)));
            }
        }
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void theTimeOfATransactionDoesNotDependOnWhenItIsAskedFor() throws Exception {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < LOCAL.size(); i++) {
            order.add(i);
        }
        try (Connection connection = database.connect()) {
            assertTimes(connection, order);
            assertTimes(connection, order.reversed());
            Random random = new Random(7);
            for (int round = 0; round < 20; round++) {
                Collections.shuffle(order, random);
                assertTimes(connection, order);
            }
        }
    }

    private void assertTimes(Connection connection, List<Integer> order) throws Exception {
        RepeatedHours hours = new RepeatedHours(ZoneId.of("America/New_York"));
        for (int index : order) {
            Lsn lsn = commits.get(index);
            Optional<Instant> time =
                    CommitTimes.read(connection, lsn, lsn, hours).of(lsn);
            assertThat(time).as("%s of %s", index, order).contains(TIMES.get(index));
        }
    }
}
