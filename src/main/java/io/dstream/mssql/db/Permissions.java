package io.dstream.mssql.db;

import io.dstream.mssql.failure.Failure;
import java.sql.PreparedStatement;
import java.sql.ResultSet;

/// What the login may do, asked without doing it. Source: Microsoft Learn, "HAS_PERMS_BY_NAME (Transact-SQL)".
public final class Permissions {

    private Permissions() {}

    /// What a permission is on.
    public enum On {
        OBJECT,
        SCHEMA,
        DATABASE
    }

    /// True where the login has `permission` on `securable`, a quoted name. False also where there is none of
    /// that name,
    /// or the login may not see it.
    public static boolean has(Database database, On kind, String securable, String permission)
            throws Failure, InterruptedException {
        return database.control("ask for the permission " + permission + " on " + securable, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(PermissionSql.HAS)) {
                statement.setNString(1, securable);
                statement.setNString(2, kind.name());
                statement.setNString(3, permission);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getInt("has_permission") == 1;
                }
            }
        });
    }
}
