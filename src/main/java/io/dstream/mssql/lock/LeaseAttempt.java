package io.dstream.mssql.lock;

import java.util.Optional;

/// What came of asking for a table's lease. Losing the race is an answer, not an error.
public sealed interface LeaseAttempt {

    /// Ours until it is released or lost.
    record Held(Lease lease) implements LeaseAttempt {}

    /// Somebody else has it; `owner` is what they wrote about themselves, if anything.
    record HeldElsewhere(Optional<String> owner) implements LeaseAttempt {}
}
