/// T-SQL: lexer, a small interpreter, and the rewriter to H2's dialect.
@NullMarked
package io.dstream.mssql.standin.tsql;

import org.jspecify.annotations.NullMarked;
