package io.dstream.mssql.output;

import io.dstream.mssql.cdc.ChangeRow;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.logging.LogLimit;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says which values were left out of changes that no line can hold, not for each of very many. Used by one thread.
final class OmissionLog {

    private static final Logger log = LoggerFactory.getLogger(OmissionLog.class);

    private final TableName table;
    private final int maxLineBytes;
    private final LogLimit limit = new LogLimit(System::nanoTime);

    OmissionLog(TableName table, int maxLineBytes) {
        this.table = table;
        this.maxLineBytes = maxLineBytes;
    }

    void omitted(ChangeRow row, ChangeEncoder.Omission omission) {
        OptionalLong suppressed = limit.admit();
        if (suppressed.isPresent()) {
            log.warn(
                    "Largest values of a change were left out, no line can hold it; raise max_line_bytes if the reader "
                            + "can take longer lines table={} lsn={} seq={} omitted_columns={} before_omitted_columns={} "
                            + "omitted_bytes={} max_line_bytes={} suppressed={}",
                    table,
                    row.commitLsn(),
                    row.seqval(),
                    omission.columns(),
                    omission.columnsBefore(),
                    omission.bytes(),
                    maxLineBytes,
                    suppressed.getAsLong());
        }
    }
}
