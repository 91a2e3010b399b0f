package io.dstream.mssql.standin.wire;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a session puts what a statement answers, in order: columns, rows, done; columns, rows, done; ...
/// `IOException` means that the client is gone or asked to stop: let it pass.
public interface Answers {

    /// A result set begins.
    void columns(List<SqlColumn> columns) throws IOException;

    /// One row of it, each value of its column's [SqlType.Base#javaType] or `null`.
    void row(@Nullable Object[] values) throws IOException;

    /// `count` rows at once that [RowEncoder] made for the same columns.
    void encodedRows(byte[] rows, int count) throws IOException;

    /// One statement is done. `count` is the number of rows of a SELECT or the update count, -1 for none.
    void done(StatementKind kind, long count) throws IOException;

    /// PRINT, or an error of severity 10 and less.
    void info(int number, String message) throws IOException;

    /// The value of an output parameter of a call, by its position from 0 among the call's parameters.
    void output(int parameterIndex, @Nullable Object value) throws IOException;

    /// What a procedure returned.
    void returnStatus(int status) throws IOException;

    /// USE, or login, changed the database.
    void databaseChanged(String database) throws IOException;

    /// What kind of statement is done; the driver takes the update count by it.
    enum StatementKind {
        SELECT,
        INSERT,
        UPDATE,
        DELETE,
        MERGE,
        /// CREATE, ALTER, DROP: the driver makes it an update count of 0.
        DDL,
        /// SET, EXEC, DECLARE and the like: no update count.
        OTHER
    }
}
