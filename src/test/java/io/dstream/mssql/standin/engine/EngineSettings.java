package io.dstream.mssql.standin.engine;

import java.time.ZoneId;

/// What a server is started with. `zone` is that of its clock: `GETDATE()` and `cdc.lsn_time_mapping`.
public record EngineSettings(String saPassword, ZoneId zone, ChangeCaptureFactory capture) {
    /// Without the password.
    @Override
    public String toString() {
        return "EngineSettings[" + zone + "]";
    }
}
