/// Reading change data capture: positions, capture instances, windows and rows. Knows no output format.
@NullMarked
package io.dstream.mssql.cdc;

import org.jspecify.annotations.NullMarked;
