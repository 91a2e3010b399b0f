package io.dstream.mssql.cdc;

import io.dstream.mssql.cdc.Sighting.Newest;
import io.dstream.mssql.config.ColumnChoice;
import java.util.Map;
import java.util.Optional;

/// What a probe may have seen of one table, for tests without a server.
public final class Sightings {

    /// The table that all of them are of.
    public static final SourceTable TABLE = new SourceTable(new TableName("dbo", "t"), 1, new ColumnChoice.All());

    private static final int CHANGE_TABLE = 11;

    private Sightings() {}

    /// Its change table ends with `lastRow`, the log with `highest`; `lowWatermark` is where it begins.
    public static Sighting of(Lsn highest, Lsn lastRow, Lsn lowWatermark) {
        return new Sighting(
                Optional.of(highest),
                Map.of(CHANGE_TABLE, Optional.of(lastRow)),
                Map.of(TABLE.objectId(), new Newest(CHANGE_TABLE, Optional.of(lowWatermark))));
    }

    /// Its change table has no rows.
    public static Sighting ofEmpty(Lsn highest, Lsn lowWatermark) {
        return new Sighting(
                Optional.of(highest),
                Map.of(CHANGE_TABLE, Optional.empty()),
                Map.of(TABLE.objectId(), new Newest(CHANGE_TABLE, Optional.of(lowWatermark))));
    }

    /// The login may not read its change table, or another one was looked at.
    public static Sighting unprobed(Lsn highest, Lsn lowWatermark) {
        return new Sighting(
                Optional.of(highest),
                Map.of(CHANGE_TABLE + 1, Optional.of(Lsn.ZERO)),
                Map.of(TABLE.objectId(), new Newest(CHANGE_TABLE, Optional.of(lowWatermark))));
    }

    /// It has no capture instance.
    public static Sighting withoutCapture(Lsn highest) {
        return new Sighting(Optional.of(highest), Map.of(), Map.of());
    }

    /// Its capture instance is being made.
    public static Sighting beingMade(Lsn highest) {
        return new Sighting(
                Optional.of(highest),
                Map.of(CHANGE_TABLE, Optional.empty()),
                Map.of(TABLE.objectId(), new Newest(CHANGE_TABLE, Optional.empty())));
    }

    /// Nothing was captured in the database yet.
    public static Sighting beforeAnything() {
        return new Sighting(
                Optional.empty(),
                Map.of(CHANGE_TABLE, Optional.empty()),
                Map.of(TABLE.objectId(), new Newest(CHANGE_TABLE, Optional.of(Lsn.ZERO.next()))));
    }
}
