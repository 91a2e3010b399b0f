/// What goes wrong on purpose: dropped connections, delays, errors, stalls; and synthetic rows.
@NullMarked
package io.dstream.mssql.standin.faults;

import org.jspecify.annotations.NullMarked;
