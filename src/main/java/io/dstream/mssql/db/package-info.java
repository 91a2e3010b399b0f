/// The connection pools, quoting, and what SQL Server's error numbers mean.
@NullMarked
package io.dstream.mssql.db;

import org.jspecify.annotations.NullMarked;
