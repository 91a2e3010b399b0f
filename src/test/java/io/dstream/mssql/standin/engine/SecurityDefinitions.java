package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.tsql.SecurityStatement;
import io.dstream.mssql.standin.tsql.SecurityStatement.Securable;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.sql.SQLException;
import java.util.Optional;

/// Runs statements on logins, users, roles and permissions. Only owners of the database may.
final class SecurityDefinitions {

    private final EngineSession session;
    private final SessionScope scope;

    SecurityDefinitions(EngineSession session, SessionScope scope) {
        this.session = session;
        this.scope = scope;
    }

    void run(SecurityStatement statement) throws SQLException, SqlServerError {
        Permissions permissions = session.home().permissions();
        if (!permissions.isMember(session.user().name(), "db_owner")) {
            throw new SqlServerError(15247, "User does not have permission to perform this action.");
        }
        switch (statement) {
            case SecurityStatement.CreateLogin create -> session.engine().createLogin(create.name(), create.password());
            case SecurityStatement.DropLogin drop -> session.engine().dropLogin(drop.name());
            case SecurityStatement.CreateUser create ->
                permissions.createUser(new Permissions.User(
                        create.name(), create.login(), create.defaultSchema().orElse("dbo")));
            case SecurityStatement.AlterUser alter -> permissions.alterUser(alter.name(), alter.defaultSchema());
            case SecurityStatement.DropPrincipal drop -> permissions.drop(drop.name(), drop.ifExists());
            case SecurityStatement.CreateRole create -> permissions.createRole(create.name());
            case SecurityStatement.AlterRole alter -> {
                if (alter.add()) {
                    permissions.addMember(alter.role(), alter.member());
                } else {
                    permissions.dropMember(alter.role(), alter.member());
                }
            }
            case SecurityStatement.Permission permission -> permit(permission, permissions);
        }
    }

    private void permit(SecurityStatement.Permission statement, Permissions permissions) throws SqlServerError {
        String securable = securable(statement.securable());
        for (String permission : statement.permissions()) {
            for (String principal : statement.principals()) {
                permissions.set(statement.action(), permission, securable, principal);
            }
        }
    }

    private String securable(Securable securable) throws SqlServerError {
        Optional<String> schema = securable.schema();
        if (schema.isPresent()) {
            if (session.home().catalog().schema(schema.get()).isEmpty()) {
                throw new SqlServerError(
                        15151, "Cannot find the schema '" + schema.get() + "', because it does not exist.");
            }
            return Permissions.schema(schema.get());
        }
        if (securable.object().isPresent()) {
            Catalog.Table table = scope.require(securable.object().get());
            return Permissions.object(table.schema(), table.name());
        }
        return Permissions.DATABASE;
    }
}
