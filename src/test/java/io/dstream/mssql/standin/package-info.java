/// A SQL Server for tests, in pure Java: the real driver talks to it. A fixture, not a product;
/// it refuses what it does not know.
@NullMarked
package io.dstream.mssql.standin;

import org.jspecify.annotations.NullMarked;
