package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Identifiers;

/// Statements that we tell somebody to run and never send: those that the parser of our tests does not know.
public final class Grants {

    private Grants() {}

    /// Makes `user` a member of a gating role.
    public static String addMember(String role, String user) {
        return "ALTER ROLE " + Identifiers.quote(role) + " ADD MEMBER " + Identifiers.quote(user);
    }

    /// Gives `login` a user of its own.
    public static String createUser(String login) {
        String quoted = Identifiers.quote(login);
        return "CREATE USER " + quoted + " FOR LOGIN " + quoted + " WITH DEFAULT_SCHEMA = dbo";
    }

    /// Lets `user` read the catalogue of change data capture.
    public static String grantCatalogue(String user) {
        return "GRANT SELECT ON SCHEMA::cdc TO " + Identifiers.quote(user);
    }
}
