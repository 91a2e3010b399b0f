package io.dstream.mssql.config;

/// An entry of `tables` with a wildcard: stands for every table that it matches and that has change data capture.
/// `jsonPath` says where it stands: `tables[2]`.
public record TablePattern(NamePattern schema, NamePattern table, ColumnChoice columns, String jsonPath) {

    /// Both are a table's names, without quotes.
    public boolean matches(String schemaName, String tableName) {
        return schema.matches(schemaName) && table.matches(tableName);
    }

    /// `schema.table`.
    @Override
    public String toString() {
        return schema + "." + table;
    }
}
