package io.dstream.mssql.standin.wire;

import org.jspecify.annotations.Nullable;

/// Encodes rows ahead of time, for [Answers#encodedRows]. Made by `TdsRowEncoder`.
public interface RowEncoder {

    /// Appends one row.
    void add(@Nullable Object[] values);

    /// How many rows were added.
    int count();

    /// All of them, encoded.
    byte[] toByteArray();
}
