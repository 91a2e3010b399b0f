/// The loop: one virtual thread for each table.
@NullMarked
package io.dstream.mssql.ingest;

import org.jspecify.annotations.NullMarked;
