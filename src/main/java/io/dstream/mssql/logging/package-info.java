/// Logs: stderr alone, every line marked.
@NullMarked
package io.dstream.mssql.logging;

import org.jspecify.annotations.NullMarked;
