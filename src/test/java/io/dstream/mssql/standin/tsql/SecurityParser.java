package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.tsql.SecurityStatement.Action;
import io.dstream.mssql.standin.tsql.SecurityStatement.Securable;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads CREATE, ALTER and DROP of logins, users and roles, and GRANT, REVOKE, DENY.
final class SecurityParser {

    private static final Set<String> PERMISSIONS = Set.of(
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "EXECUTE",
            "ALTER",
            "CONTROL",
            "REFERENCES",
            "CREATE TABLE",
            "CREATE SCHEMA",
            "VIEW DEFINITION",
            "VIEW DATABASE STATE",
            "CONNECT",
            "VIEW SERVER STATE");

    private final TokenReader reader;

    SecurityParser(TokenReader reader) {
        this.reader = reader;
    }

    boolean begins() {
        Token verb = reader.peek();
        Token what = reader.peek(1);
        return verb.isWord("GRANT")
                || verb.isWord("REVOKE")
                || verb.isWord("DENY")
                || what.isWord("LOGIN")
                || what.isWord("USER")
                || what.isWord("ROLE");
    }

    SecurityStatement statement() throws SqlServerError {
        String verb = Keywords.upper(reader.next().text());
        return switch (verb) {
            case "GRANT", "REVOKE", "DENY" -> permission(Action.valueOf(verb));
            case "CREATE" -> create();
            case "ALTER" -> alter();
            default -> drop();
        };
    }

    private SecurityStatement create() throws SqlServerError {
        String what = Keywords.upper(reader.next().text());
        String name = reader.expectName();
        return switch (what) {
            case "LOGIN" -> login(name);
            case "USER" -> user(name);
            default -> new SecurityStatement.CreateRole(name);
        };
    }

    private SecurityStatement login(String name) throws SqlServerError {
        reader.expectWord("WITH");
        reader.expectWord("PASSWORD");
        reader.expectSymbol("=");
        String password = reader.expectString();
        while (reader.acceptSymbol(",")) {
            reader.expectName();
            reader.expectSymbol("=");
            reader.next();
        }
        return new SecurityStatement.CreateLogin(name, password);
    }

    private SecurityStatement user(String name) throws SqlServerError {
        Optional<String> login = Optional.of(name);
        if (reader.acceptWords("FOR", "LOGIN") || reader.acceptWords("FROM", "LOGIN")) {
            login = Optional.of(reader.expectName());
        } else if (reader.acceptWords("WITHOUT", "LOGIN")) {
            login = Optional.empty();
        }
        Optional<String> schema = Optional.empty();
        if (reader.acceptWord("WITH")) {
            schema = Optional.of(defaultSchema());
        }
        return new SecurityStatement.CreateUser(name, login, schema);
    }

    private String defaultSchema() throws SqlServerError {
        reader.expectWord("DEFAULT_SCHEMA");
        reader.expectSymbol("=");
        return reader.expectName();
    }

    private SecurityStatement alter() throws SqlServerError {
        if (reader.acceptWord("USER")) {
            String name = reader.expectName();
            reader.expectWord("WITH");
            return new SecurityStatement.AlterUser(name, defaultSchema());
        }
        reader.expectWord("ROLE");
        String role = reader.expectName();
        boolean add = reader.acceptWord("ADD");
        if (!add) {
            reader.expectWord("DROP");
        }
        reader.expectWord("MEMBER");
        return new SecurityStatement.AlterRole(role, add, reader.expectName());
    }

    private SecurityStatement drop() throws SqlServerError {
        boolean login = reader.next().isWord("LOGIN");
        boolean ifExists = reader.acceptWords("IF", "EXISTS");
        String name = reader.expectName();
        return login ? new SecurityStatement.DropLogin(name) : new SecurityStatement.DropPrincipal(name, ifExists);
    }

    private SecurityStatement permission(Action action) throws SqlServerError {
        List<String> permissions = new ArrayList<>();
        do {
            permissions.add(permissionName());
        } while (reader.acceptSymbol(","));
        Securable securable = new Securable(Optional.empty(), Optional.empty());
        if (reader.acceptWord("ON")) {
            securable = securable();
        }
        if (action != Action.REVOKE || !reader.acceptWord("FROM")) {
            reader.expectWord("TO");
        }
        List<String> principals = new ArrayList<>();
        do {
            principals.add(reader.acceptWord("PUBLIC") ? "public" : reader.expectName());
        } while (reader.acceptSymbol(","));
        return new SecurityStatement.Permission(action, permissions, securable, principals);
    }

    private String permissionName() throws SqlServerError {
        Token first = reader.peek();
        StringBuilder name = new StringBuilder();
        while (reader.peek().kind() == Token.Kind.WORD
                && !reader.peek().isWord("ON")
                && !reader.peek().isWord("TO")
                && !reader.peek().isWord("FROM")) {
            name.append(name.isEmpty() ? "" : " ")
                    .append(Keywords.upper(reader.next().text()));
        }
        if (!PERMISSIONS.contains(name.toString())) {
            throw SyntaxErrors.near(first);
        }
        return name.toString();
    }

    private Securable securable() throws SqlServerError {
        boolean schema = reader.peek().isWord("SCHEMA");
        boolean object = reader.peek().isWord("OBJECT");
        if (schema || object) {
            reader.next();
            reader.expectSymbol(":");
            reader.expectSymbol(":");
        }
        return schema
                ? new Securable(Optional.empty(), Optional.of(reader.expectName()))
                : new Securable(Optional.of(reader.expectObjectName()), Optional.empty());
    }
}
