/// The databases behind the stand-in: H2, the catalogue, procedures, error numbers.
@NullMarked
package io.dstream.mssql.standin.engine;

import org.jspecify.annotations.NullMarked;
