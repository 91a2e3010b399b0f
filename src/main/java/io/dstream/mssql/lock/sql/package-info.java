/// Leases as application locks of the database that is read.
@NullMarked
package io.dstream.mssql.lock.sql;

import org.jspecify.annotations.NullMarked;
