package io.dstream.mssql.standin.wire;

/// One column of a result; `name` is empty for an unnamed expression.
public record SqlColumn(String name, SqlType type, boolean nullable) {}
