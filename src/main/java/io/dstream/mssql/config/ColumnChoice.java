package io.dstream.mssql.config;

import java.util.List;

/// Which of a table's captured columns are read. A name is a column's exact name, or differs from it in case alone.
public sealed interface ColumnChoice {

    /// Every one.
    record All() implements ColumnChoice {}

    /// Those of `columns`.
    record Only(List<String> names) implements ColumnChoice {
        public Only {
            names = List.copyOf(names);
        }
    }

    /// All but those of `exclude_columns`. `mustExist`: a name that no column has is an error, as it may be misspelt;
    /// not where the entry is a wildcard, whose tables need not all have the column.
    record AllBut(List<String> names, boolean mustExist) implements ColumnChoice {
        public AllBut {
            names = List.copyOf(names);
        }
    }
}
