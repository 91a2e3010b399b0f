package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a batch into statements. What it does not know it refuses, before anything of the batch has run.
public final class StatementParser {

    private final TokenReader reader;
    private final DdlParser ddl;
    private final SecurityParser security;
    private final StatementTokens tokens;

    private StatementParser(TokenReader reader) {
        this.reader = reader;
        this.ddl = new DdlParser(reader);
        this.security = new SecurityParser(reader);
        this.tokens = new StatementTokens(reader);
    }

    /// All statements of a batch. Errors: 102, 105, 113, 156.
    public static ControlStatement.Block parse(String sql) throws SqlServerError {
        StatementParser parser = new StatementParser(new TokenReader(TsqlLexer.tokens(sql)));
        List<Statement> statements = new ArrayList<>();
        while (parser.skipSemicolons()) {
            parser.statement(statements);
        }
        return new ControlStatement.Block(statements);
    }

    private boolean skipSemicolons() {
        boolean skipping = true;
        while (skipping) {
            skipping = reader.acceptSymbol(";");
        }
        return !reader.atEnd();
    }

    /// DECLARE and DROP of several make several.
    private void statement(List<Statement> into) throws SqlServerError {
        Token first = reader.peek();
        if (first.kind() != Token.Kind.WORD) {
            throw SyntaxErrors.near(first);
        }
        switch (Keywords.upper(first.text())) {
            case "SELECT" -> into.add(new DataStatement(DataStatement.Kind.SELECT, tokens.select()));
            case "WITH" -> into.add(new DataStatement(DataStatement.Kind.SELECT, tokens.with()));
            case "INSERT" -> into.add(new DataStatement(DataStatement.Kind.INSERT, tokens.insert()));
            case "UPDATE" -> into.add(new DataStatement(DataStatement.Kind.UPDATE, tokens.update()));
            case "DELETE" -> into.add(new DataStatement(DataStatement.Kind.DELETE, tokens.delete()));
            case "MERGE" -> into.add(new DataStatement(DataStatement.Kind.MERGE, tokens.merge()));
            case "DECLARE" -> declare(into);
            case "CREATE", "ALTER", "DROP", "TRUNCATE", "GRANT", "REVOKE", "DENY" -> definition(into);
            default -> into.add(control(Keywords.upper(reader.next().text()), first));
        }
    }

    private void definition(List<Statement> into) throws SqlServerError {
        if (security.begins()) {
            into.add(security.statement());
        } else {
            ddl.statement(into);
        }
    }

    private Statement control(String word, Token first) throws SqlServerError {
        return switch (word) {
            case "IF" -> conditional();
            case "WHILE" -> new ControlStatement.While(tokens.expression(), single());
            case "BEGIN" -> begin();
            case "SET" -> set();
            case "EXEC", "EXECUTE" -> new CallParser(reader, tokens).call();
            case "COMMIT" -> commit();
            case "ROLLBACK" -> new ControlStatement.Rollback(transactionName());
            case "SAVE" -> save();
            case "PRINT" -> new ControlStatement.Print(tokens.expression());
            case "THROW" -> new ControlStatement.Throw(tokens.expressions());
            case "RAISERROR" -> new ControlStatement.RaiseError(reader.parenthesised());
            case "WAITFOR" -> waitFor();
            case "USE" -> new ControlStatement.Use(reader.expectName());
            case "KILL" -> new ControlStatement.Kill(reader.expectInteger());
            case "BREAK" -> new ControlStatement.Break();
            case "CONTINUE" -> new ControlStatement.Continue();
            case "RETURN" -> new ControlStatement.Return();
            default -> throw SyntaxErrors.near(first);
        };
    }

    private Statement conditional() throws SqlServerError {
        List<Token> condition = tokens.expression();
        Statement then = single();
        int before = 0;
        while (reader.peek(before).isSymbol(";")) {
            before++;
        }
        if (!reader.peek(before).isWord("ELSE")) {
            return new ControlStatement.If(condition, then, Optional.empty());
        }
        skipSemicolons();
        reader.expectWord("ELSE");
        return new ControlStatement.If(condition, then, Optional.of(single()));
    }

    private Statement single() throws SqlServerError {
        List<Statement> one = new ArrayList<>();
        statement(one);
        return one.size() == 1 ? one.getFirst() : new ControlStatement.Block(one);
    }

    private Statement begin() throws SqlServerError {
        if (reader.acceptWord("TRAN") || reader.acceptWord("TRANSACTION")) {
            if (reader.peek().isName()) {
                reader.next();
            }
            return new ControlStatement.BeginTransaction();
        }
        if (!reader.acceptWord("TRY")) {
            return block();
        }
        ControlStatement.Block attempt = block();
        reader.expectWord("TRY");
        reader.acceptSymbol(";");
        reader.expectWord("BEGIN");
        reader.expectWord("CATCH");
        ControlStatement.Block handler = block();
        reader.expectWord("CATCH");
        return new ControlStatement.TryCatch(attempt, handler);
    }

    private ControlStatement.Block block() throws SqlServerError {
        List<Statement> statements = new ArrayList<>();
        while (skipSemicolons() && !reader.peek().isWord("END")) {
            statement(statements);
        }
        reader.expectWord("END");
        return new ControlStatement.Block(statements);
    }

    private void declare(List<Statement> into) throws SqlServerError {
        reader.next();
        do {
            String variable = reader.expectVariable();
            reader.acceptWord("AS");
            TypeName type = new TypeParser(reader).type();
            List<Token> value = reader.acceptSymbol("=") ? tokens.expressionInList() : List.of();
            into.add(new ControlStatement.Declare(variable, type, value));
        } while (reader.acceptSymbol(","));
    }

    private Statement set() throws SqlServerError {
        if (reader.peek().kind() == Token.Kind.VARIABLE) {
            String variable = reader.expectVariable();
            reader.expectSymbol("=");
            return new ControlStatement.SetVariable(variable, tokens.expression());
        }
        return new ControlStatement.SetOption(tokens.option());
    }

    private Statement commit() {
        transactionName();
        return new ControlStatement.Commit();
    }

    private Statement save() throws SqlServerError {
        return new ControlStatement.Save(transactionName().orElseThrow(() -> SyntaxErrors.near(reader.peek())));
    }

    private Optional<String> transactionName() {
        if (reader.acceptWord("TRAN") || reader.acceptWord("TRANSACTION")) {
            boolean named = reader.peek().isName() && !Keywords.startsStatement(reader.peek());
            return named ? Optional.of(reader.next().text()) : Optional.empty();
        }
        reader.acceptWord("WORK");
        return Optional.empty();
    }

    private Statement waitFor() throws SqlServerError {
        reader.expectWord("DELAY");
        return new ControlStatement.WaitFor(List.of(reader.next()));
    }
}
