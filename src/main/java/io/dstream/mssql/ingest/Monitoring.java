package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.FetchAheadLimit;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.MaxLsnWatch;
import io.dstream.mssql.cdc.RepeatedHours;
import io.dstream.mssql.cdc.ServerInfo;
import io.dstream.mssql.checkpoint.CheckpointStore;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.lock.TableLocker;
import io.dstream.mssql.output.LineBuffers;
import io.dstream.mssql.output.StdoutWriter;
import java.util.Optional;

/// What all monitors share. Every part is thread-safe.
///
/// `highestAtStart` is the highest LSN there was at the start: what is to be drained ends there, and `latest` begins.
record Monitoring(
        IngesterConfig config,
        Database database,
        ServerInfo server,
        RepeatedHours repeatedHours,
        FetchAheadLimit fetchAhead,
        MaxLsnWatch highestLsn,
        WakeUps wakeUps,
        TableLocker locker,
        TableSlots slots,
        CheckpointStore checkpoints,
        StdoutWriter stdout,
        LineBuffers lineBuffers,
        Optional<Lsn> highestAtStart,
        FailureLog failures,
        StopSignal stop) {}
