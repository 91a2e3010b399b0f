/// The program at work without a SQL Server: `./demo`.
@NullMarked
package io.dstream.mssql.demo;

import org.jspecify.annotations.NullMarked;
