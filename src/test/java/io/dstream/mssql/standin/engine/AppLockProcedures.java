package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.Locale;
import java.util.Set;

/// `sp_getapplock` and `sp_releaseapplock`.
final class AppLockProcedures {

    private static final int BAD_PARAMETERS = -999;
    private static final Set<String> EXCLUSIVE = Set.of("exclusive", "update");
    private static final Set<String> SHARED = Set.of("shared", "intentshared");

    private final EngineSession session;

    AppLockProcedures(EngineSession session) {
        this.session = session;
    }

    int get(ProcedureCall call) throws SqlServerError, InterruptedException {
        ProcedureCall.Arguments arguments =
                call.bind("@Resource", "@LockMode", "@LockOwner", "@LockTimeout", "@DbPrincipal");
        String mode = arguments.require("@LockMode").toLowerCase(Locale.ROOT);
        if (!EXCLUSIVE.contains(mode) && !SHARED.contains(mode)) {
            return BAD_PARAMETERS;
        }
        boolean ofTransaction = isOfTransaction(arguments);
        if (ofTransaction && session.transactions().depth() == 0) {
            return BAD_PARAMETERS;
        }
        long timeoutMillis = arguments
                .text("@LockTimeout")
                .map(Long::parseLong)
                .orElse(session.settings().lockTimeoutMillis());
        return session.home()
                .appLocks()
                .acquire(
                        resource(arguments),
                        session.id(),
                        ofTransaction,
                        EXCLUSIVE.contains(mode),
                        timeoutMillis,
                        session::isCancelled);
    }

    int release(ProcedureCall call) throws SqlServerError {
        ProcedureCall.Arguments arguments = call.bind("@Resource", "@LockOwner", "@DbPrincipal");
        boolean released =
                session.home().appLocks().release(resource(arguments), session.id(), isOfTransaction(arguments));
        if (!released) {
            throw new SqlServerError(
                    1223,
                    "Cannot release the application lock (Database Principal: 'public', Resource: '"
                            + arguments.require("@Resource") + "') because it is not currently held.");
        }
        return 0;
    }

    private static AppLocks.Resource resource(ProcedureCall.Arguments arguments) throws SqlServerError {
        String principal = arguments.text("@DbPrincipal").orElse("public").toLowerCase(Locale.ROOT);
        return new AppLocks.Resource(principal, arguments.require("@Resource"));
    }

    private static boolean isOfTransaction(ProcedureCall.Arguments arguments) {
        return arguments.text("@LockOwner").orElse("Transaction").equalsIgnoreCase("Transaction");
    }
}
