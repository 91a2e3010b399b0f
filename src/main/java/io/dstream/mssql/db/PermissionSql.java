package io.dstream.mssql.db;

/// The statement on permissions.
final class PermissionSql {

    /// 1 name of the securable, 2 its class, 3 permission. 1, 0, or NULL where it is not known.
    static final String HAS = "SELECT HAS_PERMS_BY_NAME(?, ?, ?) AS has_permission";

    private PermissionSql() {}
}
