/// What integration tests share.
@NullMarked
package io.dstream.mssql.testing;

import org.jspecify.annotations.NullMarked;
