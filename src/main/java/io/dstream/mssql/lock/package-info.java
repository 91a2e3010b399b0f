/// One writer for each table.
@NullMarked
package io.dstream.mssql.lock;

import org.jspecify.annotations.NullMarked;
