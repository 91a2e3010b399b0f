package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.NextWindow.Ready;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.cdc.Window;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which capture instance an operator is told may go, and when.
final class TableLogTest {

    private static final TableName TABLE = new TableName("dbo", "t");
    private static final CaptureInstance OLDER = new CaptureInstance(TABLE, "older", 1, List.of());
    private static final CaptureInstance NEWER = new CaptureInstance(TABLE, "newer", 2, List.of());
    private static final Position START = Position.after(new Lsn(1, 0));

    private final TableLog log = new TableLog();

    @BeforeEach
    void follow() {
        log.following(TABLE, START, "checkpoint");
    }

    private void readsNewer() {
        log.reading(new Ready(new Window(NEWER, START, new Lsn(9, 0), 1), List.of(OLDER)));
    }

    @Test
    void theOlderIsNamedOnceThePositionBehindItIsSaved() {
        assertThat(log.neededNoMore()).isEmpty();

        readsNewer();

        assertThat(log.neededNoMore()).containsExactly(OLDER);
        readsNewer();
        assertThat(log.neededNoMore()).isEmpty();
    }

    @Test
    void aLostLeaseTakesWithItWhatWasReadButNotSaved() {
        readsNewer();

        follow();

        assertThat(log.neededNoMore()).isEmpty();
        readsNewer();
        assertThat(log.neededNoMore()).containsExactly(OLDER);
    }
}
