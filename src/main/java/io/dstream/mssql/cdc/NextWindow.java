package io.dstream.mssql.cdc;

import java.util.List;

/// What there is to read after a position.
public sealed interface NextWindow {

    /// Read this. `superseded` are older capture instances than the window's: nothing after its position is needed of
    /// them.
    record Ready(Window window, List<CaptureInstance> superseded) implements NextWindow {
        public Ready {
            superseded = List.copyOf(superseded);
        }
    }

    /// Changes after the position are gone, or an older capture instance has less of them than there was: what
    /// is whole begins at `lowWatermark`.
    record Gap(Lsn lowWatermark) implements NextWindow {}
}
