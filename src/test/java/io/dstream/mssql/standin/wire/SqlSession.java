package io.dstream.mssql.standin.wire;

import java.io.IOException;
import java.util.List;

/// One client's session, behind the wire. One thread at a time calls [#execute] and [#call]; [#cancel] comes from
/// another. An error may be thrown after answers were given: what was given stands.
public interface SqlSession extends AutoCloseable {

    /// Opens sessions for clients that log in.
    interface Factory {
        /// Throws error 18456 for a wrong password, 4060 for a database that is not there. `database` may be empty.
        SqlSession open(Login login) throws SqlServerError;
    }

    /// What a client said when it logged in.
    record Login(String user, String password, String database, String clientHost, String applicationName) {
        /// Without the password.
        @Override
        public String toString() {
            return user + "@" + database;
        }
    }

    /// The database the session is in.
    String database();

    /// Runs a batch. `parameters` are those of sp_executesql and its relatives, named; empty for plain batches.
    void execute(String sql, List<SqlParameter> parameters, Answers answers) throws SqlServerError, IOException;

    /// Calls a procedure by name, other than sp_executesql, sp_prepare, sp_prepexec, sp_execute and sp_unprepare,
    /// which the wire itself turns into [#execute].
    void call(String procedure, List<SqlParameter> parameters, Answers answers) throws SqlServerError, IOException;

    /// Stops what [#execute] is doing, soon. Answers written afterwards are thrown away by the wire.
    void cancel();

    /// The client is gone: roll back, release locks.
    @Override
    void close();
}
