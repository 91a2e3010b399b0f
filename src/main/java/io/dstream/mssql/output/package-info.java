/// Rows to JSON, and the only user of stdout.
@NullMarked
package io.dstream.mssql.output;

import org.jspecify.annotations.NullMarked;
