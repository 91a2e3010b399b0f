package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.tsql.ControlStatement;
import io.dstream.mssql.standin.tsql.DataStatement;
import io.dstream.mssql.standin.tsql.DdlStatement;
import io.dstream.mssql.standin.tsql.SecurityStatement;
import io.dstream.mssql.standin.tsql.Statement;
import io.dstream.mssql.standin.tsql.Token;
import io.dstream.mssql.standin.tsql.TypeName;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs one batch. The first error ends it, unless TRY catches it; SQL Server would go on after some.
final class Interpreter {

    private static final SqlType TEXT = new SqlType(SqlType.Base.NVARCHAR, 4000, 0, 0);
    private static final SqlType NUMBER = SqlType.of(SqlType.Base.INT);
    private static final int HIGHEST_INFO_SEVERITY = 10;

    private enum Flow {
        ON,
        BREAK,
        CONTINUE,
        RETURN
    }

    private final EngineSession session;
    private final Variables variables;
    private final Answers answers;
    private final SessionScope scope;
    private final Evaluator evaluator;

    Interpreter(EngineSession session, Variables variables, Answers answers) {
        this.session = session;
        this.variables = variables;
        this.answers = answers;
        this.scope = new SessionScope(session, variables);
        this.evaluator = new Evaluator(session, scope);
    }

    void runBatch(ControlStatement.Block batch) throws SQLException, SqlServerError, IOException, InterruptedException {
        run(batch);
        session.transactions().succeeded();
        variables.answerOutputs(answers);
    }

    private Flow run(Statement statement) throws SQLException, SqlServerError, IOException, InterruptedException {
        if (session.isCancelled()) {
            throw new SqlServerError(3617, 11, 1, "The query was cancelled.");
        }
        switch (statement) {
            case DataStatement data -> new DataRunner(session, variables, scope, answers).run(data);
            case DdlStatement ddl -> {
                new Definitions(session, scope).run(ddl);
                answers.done(StatementKind.DDL, -1);
            }
            case SecurityStatement security -> {
                new SecurityDefinitions(session, scope).run(security);
                answers.done(StatementKind.DDL, -1);
            }
            case ControlStatement control -> {
                return control(control);
            }
        }
        return Flow.ON;
    }

    private Flow control(ControlStatement statement)
            throws SQLException, SqlServerError, IOException, InterruptedException {
        switch (statement) {
            case ControlStatement.Block block -> {
                return block(block);
            }
            case ControlStatement.If conditional -> {
                return conditional(conditional);
            }
            case ControlStatement.While loop -> {
                return loop(loop);
            }
            case ControlStatement.TryCatch tryCatch -> {
                return tryCatch(tryCatch);
            }
            case ControlStatement.Break ignored -> {
                return Flow.BREAK;
            }
            case ControlStatement.Continue ignored -> {
                return Flow.CONTINUE;
            }
            case ControlStatement.Return ignored -> {
                return Flow.RETURN;
            }
            case ControlStatement.Declare declare -> declare(declare);
            case ControlStatement.SetVariable set -> assign(set.variable(), set.value());
            case ControlStatement.SetOption option -> new SetOptions(session, scope).set(option.words());
            case ControlStatement.Execute execute -> execute(execute);
            case ControlStatement.Print print -> answers.info(0, String.valueOf(evaluator.value(print.value(), TEXT)));
            case ControlStatement.Throw toThrow -> raise(toThrow);
            case ControlStatement.RaiseError raise -> raise(raise);
            case ControlStatement.WaitFor wait -> waitFor(wait);
            case ControlStatement.Use use -> {
                session.use(use.database());
                answers.databaseChanged(session.database());
                done();
            }
            case ControlStatement.Kill kill -> session.engine().kill(kill.session());
            case ControlStatement.BeginTransaction ignored -> {
                session.transactions().begin();
                done();
            }
            case ControlStatement.Commit ignored -> {
                session.transactions().commit();
                done();
            }
            case ControlStatement.Rollback rollback -> rollback(rollback.savepoint());
            case ControlStatement.Save save -> {
                session.transactions().save(save.savepoint());
                done();
            }
        }
        return Flow.ON;
    }

    private void done() throws IOException {
        answers.done(StatementKind.OTHER, -1);
    }

    private void rollback(Optional<String> savepoint) throws SQLException, SqlServerError, IOException {
        if (savepoint.isPresent()) {
            session.transactions().rollbackTo(savepoint.get());
        } else {
            session.transactions().rollback();
        }
        done();
    }

    private Flow block(ControlStatement.Block block)
            throws SQLException, SqlServerError, IOException, InterruptedException {
        for (Statement statement : block.statements()) {
            Flow flow = run(statement);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow conditional(ControlStatement.If statement)
            throws SQLException, SqlServerError, IOException, InterruptedException {
        if (evaluator.holds(statement.condition())) {
            return run(statement.then());
        }
        Optional<Statement> otherwise = statement.otherwise();
        return otherwise.isPresent() ? run(otherwise.get()) : Flow.ON;
    }

    private Flow loop(ControlStatement.While loop)
            throws SQLException, SqlServerError, IOException, InterruptedException {
        while (evaluator.holds(loop.condition())) {
            Flow flow = run(loop.body());
            if (flow == Flow.RETURN) {
                return flow;
            }
            if (flow == Flow.BREAK) {
                return Flow.ON;
            }
        }
        return Flow.ON;
    }

    private Flow tryCatch(ControlStatement.TryCatch statement)
            throws SQLException, SqlServerError, IOException, InterruptedException {
        SqlServerError error;
        try {
            return run(statement.attempt());
        } catch (SQLException e) {
            error = H2Errors.translate(e);
        } catch (SqlServerError e) {
            error = e;
        }
        if (error.severity() >= 20 || session.isCancelled()) {
            throw error;
        }
        Optional<SqlServerError> outer = session.caught();
        session.setCaught(Optional.of(error));
        try {
            return run(statement.handler());
        } finally {
            session.setCaught(outer);
        }
    }

    private void declare(ControlStatement.Declare declare) throws SQLException, SqlServerError {
        variables.declare(declare.variable(), scope.type(declare.type(), TypeName.LENGTH_IN_DECLARATION));
        if (!declare.value().isEmpty()) {
            assign(declare.variable(), declare.value());
        }
    }

    private void assign(String variable, List<Token> value) throws SQLException, SqlServerError {
        SqlType type = variables.get(variable).type();
        variables.set(variable, evaluator.value(value, type));
    }

    private void execute(ControlStatement.Execute execute)
            throws SQLException, SqlServerError, IOException, InterruptedException {
        List<ProcedureCall.Argument> arguments = new ArrayList<>();
        for (ControlStatement.Argument argument : execute.arguments()) {
            arguments.add(new ProcedureCall.Argument(argument.name(), evaluator.argument(argument.value())));
        }
        ProcedureCall call = new ProcedureCall(execute.procedure().toString(), arguments);
        int status = new Procedures(session, answers).call(call);
        if (execute.result().isPresent()) {
            variables.set(execute.result().get(), status);
        }
    }

    private void raise(ControlStatement.Throw statement) throws SQLException, SqlServerError {
        List<List<Token>> arguments = statement.arguments();
        if (arguments.isEmpty()) {
            throw session.caught()
                    .orElseThrow(() -> new SqlServerError(
                            10704, 15, 1, "To rethrow an error, a THROW statement must be used inside a CATCH block."));
        }
        if (arguments.size() != 3) {
            throw new SqlServerError(102, 15, 1, "Incorrect syntax near 'THROW'.");
        }
        throw new SqlServerError(integer(arguments.get(0)), 16, integer(arguments.get(2)), text(arguments.get(1)));
    }

    private void raise(ControlStatement.RaiseError statement) throws SQLException, SqlServerError, IOException {
        List<List<Token>> arguments = statement.arguments();
        if (arguments.size() != 3) {
            throw new SqlServerError(102, 15, 1, "Incorrect syntax near 'RAISERROR'.");
        }
        int severity = integer(arguments.get(1));
        String message = text(arguments.getFirst());
        if (severity > HIGHEST_INFO_SEVERITY) {
            throw new SqlServerError(50000, severity, integer(arguments.get(2)), message);
        }
        answers.info(50000, message);
    }

    private int integer(List<Token> expression) throws SQLException, SqlServerError {
        return evaluator.value(expression, NUMBER) instanceof Integer number ? number : 0;
    }

    private String text(List<Token> expression) throws SQLException, SqlServerError {
        return String.valueOf(evaluator.value(expression, TEXT));
    }

    private void waitFor(ControlStatement.WaitFor statement) throws SQLException, SqlServerError, InterruptedException {
        LocalTime delay = (LocalTime) evaluator.value(statement.delay(), new SqlType(SqlType.Base.TIME, 0, 0, 3));
        if (delay == null || session.awaitCancel(delay.toNanoOfDay())) {
            throw new SqlServerError(3617, 11, 1, "The query was cancelled.");
        }
    }
}
