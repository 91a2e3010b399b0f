package io.dstream.mssql.cdc;

/// One column that a capture instance captures. `ordinal` counts from 1 and is the column's bit in `__$update_mask`.
/// A computed column is captured as NULL, always; one that the source table has `dropped` is, from then on.
public record CapturedColumn(String name, int ordinal, SqlType type, boolean computed, boolean dropped) {

    /// One that the source table has.
    public CapturedColumn(String name, int ordinal, SqlType type, boolean computed) {
        this(name, ordinal, type, computed, false);
    }

    /// A column's type as `sys.columns` gives it: the base type's name in lower case (`nvarchar`, `datetime2`,
    /// `hierarchyid`; never an alias), its length in bytes (-1 for `(max)`), precision and scale.
    public record SqlType(String name, int maxLengthBytes, int precision, int scale) {}
}
