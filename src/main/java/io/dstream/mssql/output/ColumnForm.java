package io.dstream.mssql.output;

import io.dstream.mssql.cdc.ColumnGetter;

/// How the values of a column are taken from a result set and how they are written: the encoder gets what the getter
/// has added.
record ColumnForm(ColumnGetter getter, ColumnEncoder encoder) {}
