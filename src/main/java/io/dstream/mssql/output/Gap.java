package io.dstream.mssql.output;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;

/// Changes that were gone before they could be read: those after `after` and before commit LSN `resumedAt`. It stands
/// in the metadata of the next envelopes.
public record Gap(Position after, Lsn resumedAt) {}
