package io.dstream.mssql.lock;

import java.util.OptionalLong;

/// The right to write one table. Thread-safe.
public interface Lease {

    /// True while nobody else can hold the same table's lease. Costs no request. Once false it stays false.
    boolean isHeld();

    /// Grows with every new holder where the store remembers them; absent where it does not.
    OptionalLong epoch();

    /// Gives the lease back; afterwards [#isHeld] is false. Does nothing the second time, and never throws.
    void release();
}
