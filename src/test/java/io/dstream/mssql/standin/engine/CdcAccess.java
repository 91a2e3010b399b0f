package io.dstream.mssql.standin.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// Who may read a capture instance: members of its gating role who may SELECT from its source table.
final class CdcAccess {

    private CdcAccess() {}

    static boolean mayRead(EngineSession session, String instance) throws SQLException {
        Permissions permissions = session.home().permissions();
        String user = session.user().name();
        if (permissions.isMember(user, "db_owner")) {
            return true;
        }
        Optional<String> role = session.home().capture().gatingRole(instance);
        if (role.isPresent() && !permissions.isMember(user, role.get())) {
            return false;
        }
        return source(session, instance)
                .filter(table -> permissions.allowed(user, "SELECT", table.schema(), table.name()))
                .isPresent();
    }

    private static Optional<Catalog.Table> source(EngineSession session, String instance) throws SQLException {
        if (!session.home().capture().isEnabled()) {
            return Optional.empty();
        }
        String sql = "SELECT \"source_object_id\" FROM \"cdc\".\"change_tables\" WHERE \"capture_instance\" = ?";
        try (Connection h2 = session.home().open();
                PreparedStatement statement = h2.prepareStatement(sql)) {
            statement.setString(1, instance);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? session.home().catalog().table(rows.getInt(1)) : Optional.empty();
            }
        }
    }
}
