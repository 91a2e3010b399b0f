@NullMarked
package io.dstream.mssql.command;

import org.jspecify.annotations.NullMarked;
