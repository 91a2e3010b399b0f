package io.dstream.mssql.standin.tsql;

import java.util.List;

/// A statement that reads or changes rows, whole.
public record DataStatement(Kind kind, List<Token> tokens) implements Statement {

    /// Which one.
    public enum Kind {
        SELECT,
        INSERT,
        UPDATE,
        DELETE,
        MERGE
    }
}
