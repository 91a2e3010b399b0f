/// What the process does beside following tables: look, make, remove.
@NullMarked
package io.dstream.mssql.command;

import org.jspecify.annotations.NullMarked;
