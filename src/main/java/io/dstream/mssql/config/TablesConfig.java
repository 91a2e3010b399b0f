package io.dstream.mssql.config;

import java.util.List;

/// What `tables` says: tables by their names, and wildcards. Not both are empty.
public record TablesConfig(List<TableEntry> named, List<TablePattern> patterns) {

    public TablesConfig {
        named = List.copyOf(named);
        patterns = List.copyOf(patterns);
    }
}
