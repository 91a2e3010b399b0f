package io.dstream.mssql.cdc;

import java.sql.ResultSet;
import java.sql.SQLException;

/// Takes the values of one column from a result set. Chosen once for each column; stateless and thread-safe.
@FunctionalInterface
public interface ColumnGetter {

    /// Adds the value at `index` of the row that `row` stands on to `values`: exactly one, for NULL too.
    void get(ResultSet row, int index, ColumnValues values) throws SQLException;
}
