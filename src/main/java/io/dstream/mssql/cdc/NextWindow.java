package io.dstream.mssql.cdc;

/// What there is to read after a position.
public sealed interface NextWindow {

    /// Read this.
    record Ready(Window window) implements NextWindow {}

    /// Changes after the position are gone: the lowest that is still held is at `lowWatermark`.
    record Gap(Lsn lowWatermark) implements NextWindow {}
}
