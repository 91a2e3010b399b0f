package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.tsql.SecurityStatement.Action;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Users, roles and grants of one database. A DENY anywhere wins over every GRANT. Thread-safe.
final class Permissions {

    private static final Set<String> FIXED_ROLES =
            Set.of("public", "db_owner", "db_datareader", "db_datawriter", "db_ddladmin", "db_securityadmin");
    private static final Set<String> WRITES = Set.of("INSERT", "UPDATE", "DELETE");

    /// A user; without a login nobody can come in as them.
    record User(String name, Optional<String> login, String defaultSchema) {}

    private record Grant(String principal, String permission, String securable) {}

    private final Map<String, User> users = new LinkedHashMap<>();
    private final Set<String> roles = new HashSet<>(FIXED_ROLES);
    private final Map<String, Set<String>> members = new HashMap<>();
    private final Map<Grant, Action> grants = new HashMap<>();

    synchronized void createUser(User user) throws SqlServerError {
        if (exists(user.name())) {
            throw new SqlServerError(
                    15023, "User, group, or role '" + user.name() + "' already exists in the current database.");
        }
        users.put(lower(user.name()), user);
    }

    synchronized void alterUser(String name, String defaultSchema) throws SqlServerError {
        User user = users.get(lower(name));
        if (user == null) {
            throw unknown(name);
        }
        users.put(lower(name), new User(user.name(), user.login(), defaultSchema));
    }

    synchronized void createRole(String name) throws SqlServerError {
        if (exists(name)) {
            throw new SqlServerError(
                    15023, "User, group, or role '" + name + "' already exists in the current database.");
        }
        roles.add(lower(name));
    }

    /// As enabling CDC with a gating role does.
    synchronized void createRoleIfAbsent(String name) {
        roles.add(lower(name));
    }

    synchronized void drop(String name, boolean ifExists) throws SqlServerError {
        boolean dropped = users.remove(lower(name)) != null || roles.remove(lower(name));
        if (!dropped && !ifExists) {
            throw unknown(name);
        }
        members.remove(lower(name));
        members.values().forEach(all -> all.remove(lower(name)));
        grants.keySet().removeIf(grant -> grant.principal().equals(lower(name)));
    }

    synchronized void addMember(String role, String member) throws SqlServerError {
        requireRole(role);
        requirePrincipal(member);
        members.computeIfAbsent(lower(role), r -> new HashSet<>()).add(lower(member));
    }

    synchronized void dropMember(String role, String member) throws SqlServerError {
        requireRole(role);
        members.getOrDefault(lower(role), new HashSet<>()).remove(lower(member));
    }

    private void requireRole(String role) throws SqlServerError {
        if (!roles.contains(lower(role))) {
            throw unknown(role);
        }
    }

    private void requirePrincipal(String name) throws SqlServerError {
        if (!exists(name)) {
            throw unknown(name);
        }
    }

    private boolean exists(String name) {
        return users.containsKey(lower(name)) || roles.contains(lower(name));
    }

    private static SqlServerError unknown(String name) {
        return new SqlServerError(
                15151,
                "Cannot find the principal '" + name + "', because it does not exist or you do not have permission.");
    }

    /// `securable` is that of [#object], [#schema] or [#DATABASE].
    synchronized void set(Action action, String permission, String securable, String principal) throws SqlServerError {
        requirePrincipal(principal);
        Grant grant = new Grant(lower(principal), permission, securable);
        if (action == Action.REVOKE) {
            grants.remove(grant);
        } else {
            grants.put(grant, action);
        }
    }

    /// The securable that holds all others.
    static final String DATABASE = "database";

    static String schema(String schema) {
        return "schema " + lower(schema);
    }

    static String object(String schema, String name) {
        return "object " + lower(schema) + "." + lower(name);
    }

    /// The user that a login is here.
    synchronized Optional<User> userOf(String login) {
        return users.values().stream()
                .filter(user -> user.login().filter(login::equalsIgnoreCase).isPresent())
                .findFirst();
    }

    /// True for `dbo` in every role.
    synchronized boolean isMember(String user, String role) {
        return lower(user).equals("dbo") || principals(user).contains(lower(role));
    }

    synchronized boolean roleExists(String role) {
        return roles.contains(lower(role));
    }

    synchronized boolean allowed(String user, String permission, String schema, String name) {
        if (isMember(user, "db_owner") || schema.equalsIgnoreCase("sys")) {
            return true;
        }
        Set<String> principals = principals(user);
        boolean byRole = (permission.equals("SELECT") && principals.contains("db_datareader"))
                || (WRITES.contains(permission) && principals.contains("db_datawriter"));
        boolean granted = byRole;
        for (String principal : principals) {
            for (String securable : Set.of(object(schema, name), schema(schema), DATABASE)) {
                for (String one : Set.of(permission, "CONTROL")) {
                    Action action = grants.get(new Grant(principal, one, securable));
                    if (action == Action.DENY) {
                        return false;
                    }
                    granted |= action == Action.GRANT;
                }
            }
        }
        return granted;
    }

    /// A permission on the whole database, such as CREATE TABLE.
    synchronized boolean allowedInDatabase(String user, String permission) {
        boolean owner = isMember(user, "db_owner") || isMember(user, "db_ddladmin");
        return owner
                || principals(user).stream()
                        .anyMatch(p -> grants.get(new Grant(p, permission, DATABASE)) == Action.GRANT);
    }

    private Set<String> principals(String user) {
        Set<String> all = new HashSet<>(Set.of(lower(user), "public"));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Map.Entry<String, Set<String>> role : members.entrySet()) {
                if (role.getValue().stream().anyMatch(all::contains)) {
                    grew |= all.add(role.getKey());
                }
            }
        }
        return all;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
