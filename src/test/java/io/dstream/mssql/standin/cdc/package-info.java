/// Change data capture as SQL Server does it: log, capture job, capture instances, change tables.
@NullMarked
package io.dstream.mssql.standin.cdc;

import org.jspecify.annotations.NullMarked;
