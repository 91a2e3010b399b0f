/// The configuration: reads, checks and holds it. A leaf, and the only package that knows a JSON key.
@NullMarked
package io.dstream.mssql.config;

import org.jspecify.annotations.NullMarked;
