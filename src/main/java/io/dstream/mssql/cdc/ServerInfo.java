package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the server says about itself: its own name, the database's, and the zone of the times it stores.
public record ServerInfo(String serverName, String databaseName, ZoneId timeZone) {

    private static final Logger log = LoggerFactory.getLogger(ServerInfo.class);

    private static final int FIRST_VERSION_THAT_NAMES_ITS_ZONE = 16;
    private static final int AZURE_SQL_DATABASE = 5;
    private static final int AZURE_MANAGED_INSTANCE = 8;

    /// Asks the server. `configuredZone` spares the question for the zone. Throws `PermanentFailure` where change data
    /// capture is not enabled in the database.
    public static ServerInfo read(Database database, Optional<ZoneId> configuredZone)
            throws Failure, InterruptedException {
        return database.control(database.connecting(), connection -> read(connection, configuredZone));
    }

    private static ServerInfo read(Connection connection, Optional<ZoneId> configuredZone)
            throws SQLException, PermanentFailure {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CdcSql.SERVER)) {
            if (!row.next()) {
                throw unseen();
            }
            String database = row.getString("database_name");
            if (!row.getBoolean("is_cdc_enabled")) {
                throw new PermanentFailure("change data capture is not enabled in database " + database
                        + "; as a sysadmin run: USE [" + database + "]; EXEC sys.sp_cdc_enable_db;");
            }
            String server = Optional.ofNullable(row.getString("server_name")).orElse("");
            boolean namesItsZone = namesItsZone(row.getInt("engine_edition"), row.getString("product_version"));
            return new ServerInfo(
                    server,
                    database,
                    configuredZone.isPresent() ? configuredZone.get() : zone(connection, namesItsZone));
        }
    }

    static PermanentFailure unseen() {
        return new PermanentFailure("look for the database: the login may not see its own database in "
                + "sys.databases; grant it VIEW ANY DATABASE or make it a user of the database");
    }

    private static boolean namesItsZone(int engineEdition, String productVersion) {
        return engineEdition == AZURE_SQL_DATABASE
                || engineEdition == AZURE_MANAGED_INSTANCE
                || Integer.parseInt(productVersion.substring(0, productVersion.indexOf('.')))
                        >= FIRST_VERSION_THAT_NAMES_ITS_ZONE;
    }

    private static ZoneId zone(Connection connection, boolean namesItsZone) throws SQLException, PermanentFailure {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(namesItsZone ? CdcSql.TIME_ZONE : CdcSql.TIME_OFFSET)) {
            row.next();
            if (namesItsZone) {
                String id = row.getString("time_zone");
                return ServerTimeZone.parse(id)
                        .orElseThrow(() -> new PermanentFailure("the server's time zone `" + id
                                + "` is not known here; set `server_time_zone` to its IANA name, like Europe/Berlin"));
            }
            ZoneOffset offset = ZoneOffset.ofTotalSeconds(row.getInt("offset_minutes") * 60);
            log.warn(
                    "Server does not name its time zone, using its offset of now for all times; "
                            + "set server_time_zone where it has daylight saving offset={}",
                    offset);
            return offset;
        }
    }
}
