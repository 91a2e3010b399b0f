package io.dstream.mssql.db;

/// Names as T-SQL writes them, safe whatever they hold. A name cannot be bound as a parameter; this is the one way it
/// gets into a statement.
public final class Identifiers {

    private Identifiers() {}

    /// `[name]`, a closing bracket inside it doubled.
    public static String quote(String name) {
        return "[" + name.replace("]", "]]") + "]";
    }

    /// `[schema].[name]`.
    public static String quote(String schema, String name) {
        return quote(schema) + "." + quote(name);
    }
}
