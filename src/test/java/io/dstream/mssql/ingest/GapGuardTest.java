package io.dstream.mssql.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.ChangeReader;
import io.dstream.mssql.cdc.FetchAheadLimit;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.RepeatedHours;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.ColumnChoice;
import io.dstream.mssql.config.ConfigReader;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.config.ReadingConfig.OnGap;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.testing.Configs;
import java.io.ByteArrayInputStream;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GapGuardTest {

    private static final TableName TABLE = new TableName("dbo", "t");

    @Test
    void theLowWatermarkOfAnOlderLookTakesItNotBack() throws Exception {
        String json = Configs.of("server=nowhere.invalid;database=d;user id=u;password=p", List.of("dbo.t"))
                .toString();
        IngesterConfig config = new ConfigReader(Map.of())
                .read(new ByteArrayInputStream(json.getBytes(UTF_8)))
                .config();
        // Nothing is asked.
        try (Database database = Database.open(config.database())) {
            ChangeReader reader = new ChangeReader(
                    database,
                    new SourceTable(TABLE, 1, new ColumnChoice.All()),
                    config.reading(),
                    new RepeatedHours(ZoneOffset.UTC),
                    new FetchAheadLimit(1));
            GapGuard gaps = new GapGuard(TABLE, OnGap.FAIL, reader);
            Lsn later = new Lsn(0, 20);

            gaps.saw(later);
            gaps.saw(later.previous());

            assertThat(gaps.lowWatermark()).isEqualTo(later);
        }
    }
}
