package io.dstream.mssql.cdc;

/// A source table in the catalog's own case, not quoted: `TableName("dbo", "Order Details")`.
public record TableName(String schema, String table) {

    /// `schema.table`, as it stands in envelopes, logs and checkpoints.
    @Override
    public String toString() {
        return schema + "." + table;
    }
}
