package io.dstream.mssql.config;

/// One table as the configuration names it, unquoted; the catalog's case may differ. `jsonPath` says where it stands:
/// `tables[2]`.
public record TableEntry(String schema, String table, ColumnChoice columns, String jsonPath) {

    /// `schema.table`.
    @Override
    public String toString() {
        return schema + "." + table;
    }
}
