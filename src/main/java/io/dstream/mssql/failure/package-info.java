/// What can go wrong while running, typed by what the caller should do about it.
@NullMarked
package io.dstream.mssql.failure;

import org.jspecify.annotations.NullMarked;
