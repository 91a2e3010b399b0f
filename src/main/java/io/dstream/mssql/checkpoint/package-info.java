/// Saved positions.
@NullMarked
package io.dstream.mssql.checkpoint;

import org.jspecify.annotations.NullMarked;
