package io.dstream.mssql.standin.wire;

import org.jspecify.annotations.Nullable;

/// One parameter of a call as the client sent it: `name` with its `@`, empty where it is positional.
public record SqlParameter(
        String name, SqlType type, @Nullable Object value, boolean output) {}
