package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/// Which database this is and who we are in it, also where change data capture is not enabled. `serverName` is
/// empty where the server has none.
public record DatabaseFacts(
        String serverName,
        String databaseName,
        boolean isCdcEnabled,
        boolean isAzureSqlDatabase,
        String user,
        String login,
        String defaultSchema) {

    private static final int AZURE_SQL_DATABASE = 5;
    private static final String GUEST = "guest";

    /// True for a login without user of its own: what is granted to its user is granted to everybody.
    public boolean isGuest() {
        return user.equalsIgnoreCase(GUEST);
    }

    /// Whom to grant what is lacking: the user, or the one that is still to be made for the login.
    public String grantee() {
        return isGuest() ? login : user;
    }

    /// Asks the server. Throws `PermanentFailure` where the login may not see its own database.
    public static DatabaseFacts read(Database database) throws Failure, InterruptedException {
        return database.control(database.connecting(), DatabaseFacts::read);
    }

    private static DatabaseFacts read(Connection connection) throws SQLException, PermanentFailure {
        try (Statement statement = connection.createStatement()) {
            String user;
            String login;
            String schema;
            try (ResultSet row = statement.executeQuery(SurveySql.USER)) {
                row.next();
                user = row.getString("user_name");
                login = Optional.ofNullable(row.getString("login_name")).orElse(user);
                schema = Optional.ofNullable(row.getString("schema_name")).orElse("dbo");
            }
            try (ResultSet row = statement.executeQuery(CdcSql.SERVER)) {
                if (!row.next()) {
                    throw ServerInfo.unseen();
                }
                return new DatabaseFacts(
                        Optional.ofNullable(row.getString("server_name")).orElse(""),
                        row.getString("database_name"),
                        row.getBoolean("is_cdc_enabled"),
                        row.getInt("engine_edition") == AZURE_SQL_DATABASE,
                        user,
                        login,
                        schema);
            }
        }
    }
}
