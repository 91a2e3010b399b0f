package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.standin.faults.FailNth;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/// The position that a run saves when it ends: no later poll makes up for it.
final class LastSaveIT {

    private static final int DEADLOCK = 1205;

    @Test
    void aDeadlockAtTheLastSaveRepeatsNothing() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            assumeTrue(database.standIn().isPresent(), "only the stand-in can be made to fail");
            database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
            database.capture("dbo", "t");
            database.run("INSERT INTO dbo.t VALUES (1), (2)");
            database.awaitCaptured("dbo_t", 2);
            ObjectNode config = Configs.of(database, "dbo.t").put("checkpoint_interval", "1h");
            FailNth deadlock = FailNth.once(sql -> sql.startsWith("INSERT INTO cdc_offsets"), 1, DEADLOCK);

            try (Installed _ = Installed.in(database.standIn().orElseThrow(), deadlock)) {
                assertThat(Drain.of(config).changes()).hasSize(2);
            }

            assertThat(deadlock.matches()).isEqualTo(2);
            assertThat(Drain.of(config).changes()).isEmpty();
        }
    }
}
