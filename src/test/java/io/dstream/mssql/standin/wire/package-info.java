/// TDS 7.4: packets, types, tokens, login, TLS, RPC, attention. Knows no SQL.
@NullMarked
package io.dstream.mssql.standin.wire;

import org.jspecify.annotations.NullMarked;
