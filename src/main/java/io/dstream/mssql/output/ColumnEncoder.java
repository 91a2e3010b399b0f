package io.dstream.mssql.output;

import io.dstream.mssql.cdc.ColumnValues;

/// Writes the values of one column as JSON. Chosen once for each column; stateless and thread-safe.
@FunctionalInterface
interface ColumnEncoder {

    /// Writes the value at `place`, which is not NULL. After an exception part of it may stand in `out`.
    void encode(ColumnValues values, int place, JsonBuffer out);
}
