package io.dstream.mssql.cdc;

/// A change table and whose changes it holds: `objectId` is its own, `captureInstance` that of `source` which
/// writes it.
public record ChangeTable(TableName source, int objectId, String captureInstance) {

    /// Quoted.
    String quoted() {
        return CaptureInstance.changeTable(captureInstance);
    }

    /// What lets a login read it.
    String grant() {
        return CaptureInstance.grant(captureInstance);
    }
}
