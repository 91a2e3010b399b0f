/// How fast the program is, beside the driver alone: `./bench`.
@NullMarked
package io.dstream.mssql.bench;

import org.jspecify.annotations.NullMarked;
