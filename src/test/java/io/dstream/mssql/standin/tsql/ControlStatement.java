package io.dstream.mssql.standin.tsql;

import java.util.List;
import java.util.Optional;

/// Flow, variables, transactions, settings and calls.
public sealed interface ControlStatement extends Statement {

    /// `BEGIN .. END`, or a whole batch.
    record Block(List<Statement> statements) implements ControlStatement {}

    /// `IF`.
    record If(List<Token> condition, Statement then, Optional<Statement> otherwise) implements ControlStatement {}

    /// `WHILE`.
    record While(List<Token> condition, Statement body) implements ControlStatement {}

    /// `BEGIN TRY .. END TRY BEGIN CATCH .. END CATCH`.
    record TryCatch(Block attempt, Block handler) implements ControlStatement {}

    /// `BREAK`.
    record Break() implements ControlStatement {}

    /// `CONTINUE`.
    record Continue() implements ControlStatement {}

    /// `RETURN` without a value.
    record Return() implements ControlStatement {}

    /// One variable of `DECLARE`; `value` may be empty.
    record Declare(String variable, TypeName type, List<Token> value) implements ControlStatement {}

    /// `SET @x = value`.
    record SetVariable(String variable, List<Token> value) implements ControlStatement {}

    /// `SET` of an option, all that follows the word.
    record SetOption(List<Token> words) implements ControlStatement {}

    /// `EXEC`; an argument's value is one expression.
    record Execute(Optional<String> result, ObjectName procedure, List<Argument> arguments)
            implements ControlStatement {}

    /// One argument of `EXEC`; `name` with its `@` where it was named.
    record Argument(Optional<String> name, List<Token> value, boolean output) {}

    /// `BEGIN TRAN`.
    record BeginTransaction() implements ControlStatement {}

    /// `COMMIT`.
    record Commit() implements ControlStatement {}

    /// `ROLLBACK`, of a savepoint where a name is given.
    record Rollback(Optional<String> savepoint) implements ControlStatement {}

    /// `SAVE TRAN`.
    record Save(String savepoint) implements ControlStatement {}

    /// `PRINT`.
    record Print(List<Token> value) implements ControlStatement {}

    /// `THROW`: number, message and state, or nothing to throw what was caught.
    record Throw(List<List<Token>> arguments) implements ControlStatement {}

    /// `RAISERROR(message, severity, state)`.
    record RaiseError(List<List<Token>> arguments) implements ControlStatement {}

    /// `WAITFOR DELAY`.
    record WaitFor(List<Token> delay) implements ControlStatement {}

    /// `USE`.
    record Use(String database) implements ControlStatement {}

    /// `KILL`.
    record Kill(int session) implements ControlStatement {}
}
