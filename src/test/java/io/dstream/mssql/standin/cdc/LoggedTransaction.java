package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.Lsn;
import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.util.List;

/// A committed transaction in the log. Its seqvals begin at `firstSeqval`, two reserved for each change; times are the
/// server's local ones; `id` 0 marks an idle entry.
record LoggedTransaction(
        Lsn firstSeqval, Lsn commitLsn, LocalDateTime begin, LocalDateTime end, long id, List<Change> changes) {

    /// As in `cdc.lsn_time_mapping.tran_id`: 0x00 for an idle entry.
    byte[] idBytes() {
        return id == 0
                ? new byte[1]
                : ByteBuffer.allocate(Integer.BYTES + Short.BYTES)
                        .putShort((short) 0)
                        .putInt((int) id)
                        .array();
    }

    /// As in `cdc.lsn_time_mapping.tran_begin_lsn`: zeros for an idle entry.
    Lsn beginLsn() {
        return id == 0 ? Lsn.ZERO : firstSeqval;
    }
}
