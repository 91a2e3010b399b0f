package io.dstream.mssql.lock;

import java.util.Optional;

/// Who has a table's lock, as somebody sees it who does not want it. `owner` is what the holder wrote about
/// itself.
public record LockState(Kind kind, Optional<String> owner) {

    /// Whether an instance follows the table.
    public enum Kind {
        FREE,
        HELD,
        /// There are no locks.
        NONE
    }

    /// Without owner.
    public LockState(Kind kind) {
        this(kind, Optional.empty());
    }
}
