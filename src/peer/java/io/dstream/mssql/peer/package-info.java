/// Debezium's SQL Server connector, unmodified, beside the program: as judge in a test, as peer in `./bench`.
@NullMarked
package io.dstream.mssql.peer;

import org.jspecify.annotations.NullMarked;
