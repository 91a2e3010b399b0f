/// Follows the change data capture of SQL Server tables and writes JSON lines. Start reading at `Main`.
@NullMarked
package io.dstream.mssql;

import org.jspecify.annotations.NullMarked;
