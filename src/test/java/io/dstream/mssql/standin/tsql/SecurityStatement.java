package io.dstream.mssql.standin.tsql;

import java.util.List;
import java.util.Optional;

/// Logins, users, roles and what they may do.
public sealed interface SecurityStatement extends Statement {

    /// `CREATE LOGIN .. WITH PASSWORD`.
    record CreateLogin(String name, String password) implements SecurityStatement {}

    /// `DROP LOGIN`.
    record DropLogin(String name) implements SecurityStatement {}

    /// `CREATE USER`; without a login it has its own name's.
    record CreateUser(String name, Optional<String> login, Optional<String> defaultSchema)
            implements SecurityStatement {}

    /// `ALTER USER .. WITH DEFAULT_SCHEMA`.
    record AlterUser(String name, String defaultSchema) implements SecurityStatement {}

    /// `DROP USER` and `DROP ROLE`.
    record DropPrincipal(String name, boolean ifExists) implements SecurityStatement {}

    /// `CREATE ROLE`.
    record CreateRole(String name) implements SecurityStatement {}

    /// `ALTER ROLE .. ADD MEMBER` and `DROP MEMBER`.
    record AlterRole(String role, boolean add, String member) implements SecurityStatement {}

    /// `GRANT`, `REVOKE`, `DENY`.
    record Permission(Action action, List<String> permissions, Securable securable, List<String> principals)
            implements SecurityStatement {}

    /// Which of the three.
    enum Action {
        GRANT,
        REVOKE,
        DENY
    }

    /// What a permission is on: an object, a schema, or the database where both are empty.
    record Securable(Optional<ObjectName> object, Optional<String> schema) {}
}
