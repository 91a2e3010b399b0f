package io.dstream.mssql.db;

/// Names as T-SQL writes them, safe whatever they hold. A name cannot be bound as a parameter; this is the one way it
/// gets into a statement, ours or one that we tell somebody to run.
public final class Identifiers {

    private Identifiers() {}

    /// `[name]`, a closing bracket inside it doubled.
    public static String quote(String name) {
        return "[" + name.replace("]", "]]") + "]";
    }

    /// `N'name'`, an apostrophe inside it doubled.
    public static String text(String name) {
        return "N'" + name.replace("'", "''") + "'";
    }

    /// `[schema].[name]`.
    public static String quote(String schema, String name) {
        return quote(schema) + "." + quote(name);
    }
}
