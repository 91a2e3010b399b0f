/// What a configuration may say, what it means, and what is refused how.
@NullMarked
package io.dstream.mssql.config;

import org.jspecify.annotations.NullMarked;
