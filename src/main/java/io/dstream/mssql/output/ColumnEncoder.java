package io.dstream.mssql.output;

import java.sql.ResultSet;
import java.sql.SQLException;

/// Writes the values of one column as JSON. Chosen once for each column; stateless and thread-safe.
@FunctionalInterface
interface ColumnEncoder {

    /// Writes the value at `index` of the current row, `null` for SQL NULL. After an exception part of it may
    /// stand in `out`.
    void encode(ResultSet row, int index, JsonBuffer out) throws SQLException;
}
