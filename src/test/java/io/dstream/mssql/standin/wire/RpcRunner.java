package io.dstream.mssql.standin.wire;

import io.dstream.mssql.standin.wire.PreparedStatements.Prepared;
import java.io.IOException;
import java.util.List;

/// Runs procedure calls: those that execute statements become [SqlSession#execute], the others [SqlSession#call].
/// For one thread.
final class RpcRunner {

    private final PreparedStatements prepared = new PreparedStatements();

    /// Forgets what was prepared.
    void reset() {
        prepared.clear();
    }

    void run(RpcRequest request, SqlSession session, Response response) throws SqlServerError, IOException {
        String name = request.bareName();
        int ownParameters = switch (name) {
            case "sp_execute" -> 1;
            case "sp_executesql" -> 2;
            case "sp_prepexec" -> 3;
            default -> 0;
        };
        response.beginProcedure(ownParameters);
        switch (name) {
            case "sp_execute" -> execute(prepared.get(handle(request)), request, 1, session, response);
            case "sp_executesql" ->
                execute(Prepared.of(text(request, 0), text(request, 1)), request, 2, session, response);
            case "sp_prepexec" -> execute(prepare(request, response), request, 3, session, response);
            case "sp_prepare" -> prepare(request, response);
            case "sp_unprepare" -> prepared.remove(handle(request));
            default -> session.call(request.procedure(), request.parameters(), response);
        }
        response.endProcedure(request.parameters());
    }

    /// Puts the new handle into the first parameter, in place of the old one that the client gives up.
    private Prepared prepare(RpcRequest request, Response response) throws SqlServerError {
        prepared.remove(handle(request));
        Prepared statement = Prepared.of(text(request, 2), text(request, 1));
        response.handle(prepared.add(statement));
        return statement;
    }

    private static void execute(
            Prepared statement, RpcRequest request, int ownParameters, SqlSession session, Response response)
            throws SqlServerError, IOException {
        List<SqlParameter> all = request.parameters();
        List<SqlParameter> values = all.subList(Math.min(ownParameters, all.size()), all.size());
        session.execute(statement.sql(), statement.bind(values), response);
    }

    /// The first parameter, 0 where it is NULL.
    private static int handle(RpcRequest request) throws SqlServerError {
        if (request.parameters().isEmpty()) {
            throw new SqlServerError(
                    201,
                    "Procedure '" + request.procedure() + "' expects parameter '@handle', which was not supplied.");
        }
        return request.parameters().getFirst().value() instanceof Integer handle ? handle : 0;
    }

    /// The text of a parameter, empty where it is NULL or missing.
    private static String text(RpcRequest request, int index) {
        List<SqlParameter> parameters = request.parameters();
        return index < parameters.size() && parameters.get(index).value() instanceof String text ? text : "";
    }
}
