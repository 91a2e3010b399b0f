package io.dstream.mssql.standin.engine;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.tsql.ObjectName;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Functions of T-SQL that H2 calls back: they ask the session that runs on this thread. Public, as H2 needs them.
public final class SessionFunctions {

    /// The H2 schema they live in.
    static final String SCHEMA = "standin";

    private static final int SECONDS_A_MINUTE = 60;
    private static final AtomicLong ROW_VERSION = new AtomicLong(2000);

    private SessionFunctions() {}

    /// `CREATE ALIAS` for each: `dbName` becomes `db_name`.
    static List<String> aliases() {
        return Arrays.stream(SessionFunctions.class.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .distinct()
                .map(name -> "CREATE ALIAS \"" + SCHEMA + "\".\""
                        + name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
                        + "\" FOR \"" + SessionFunctions.class.getName() + "." + name + "\"")
                .toList();
    }

    private static EngineSession session() throws SQLException {
        return EngineSession.current().orElseThrow(() -> new SQLException("no session on this thread"));
    }

    private static SQLException carry(SqlServerError error) {
        return new SQLException(error.getMessage(), error);
    }

    /// `rowversion`.
    public static byte[] nextRowversion() {
        return ByteBuffer.allocate(Long.BYTES)
                .putLong(ROW_VERSION.incrementAndGet())
                .array();
    }

    /// The same instant as the clock of UTC shows it: one statement has one time.
    public static LocalDateTime inUtc(OffsetDateTime now) {
        return now.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    }

    /// `TODATETIMEOFFSET(time, minutes)`.
    public static @Nullable OffsetDateTime todatetimeoffset(@Nullable LocalDateTime time, @Nullable Integer minutes) {
        return time == null || minutes == null
                ? null
                : time.atOffset(ZoneOffset.ofTotalSeconds(minutes * SECONDS_A_MINUTE));
    }

    /// `CURRENT_TIMEZONE_ID()`: Windows' name where we know it, else the zone's own.
    public static String currentTimezoneId() throws SQLException {
        String zone = session().engine().settings().zone().getId();
        return switch (zone) {
            case "Z", "UTC", "Etc/UTC" -> "UTC";
            case "America/New_York" -> "Eastern Standard Time";
            case "America/Los_Angeles" -> "Pacific Standard Time";
            case "Australia/Lord_Howe" -> "Lord Howe Standard Time";
            case "Europe/Berlin" -> "W. Europe Standard Time";
            case "Europe/London" -> "GMT Standard Time";
            case "Asia/Kolkata" -> "India Standard Time";
            default -> zone;
        };
    }

    /// `SUSER_SNAME()`.
    public static String suserSname() throws SQLException {
        return session().login().user();
    }

    /// `SUSER_NAME()`.
    public static String suserName() throws SQLException {
        return session().login().user();
    }

    /// `ORIGINAL_LOGIN()`.
    public static String originalLogin() throws SQLException {
        return session().login().user();
    }

    /// `HOST_NAME()`.
    public static String hostName() throws SQLException {
        return session().login().clientHost();
    }

    /// `APP_NAME()`.
    public static String appName() throws SQLException {
        return session().login().applicationName();
    }

    /// `USER_NAME()`.
    public static String userName() throws SQLException {
        return session().user().name();
    }

    /// `DB_NAME()`.
    public static String dbName() throws SQLException {
        return session().database();
    }

    /// `DB_NAME(id)` of this database only.
    public static @Nullable String dbName(int id) throws SQLException {
        return id == session().home().id() ? session().database() : null;
    }

    /// `DB_ID()`.
    public static int dbId() throws SQLException {
        return session().home().id();
    }

    /// `DB_ID(name)`.
    public static @Nullable Integer dbId(@Nullable String name) throws SQLException {
        return name == null
                ? null
                : session().engine().database(name).map(StandInDatabase::id).orElse(null);
    }

    /// `SCHEMA_NAME()`.
    public static String schemaName() throws SQLException {
        return session().user().defaultSchema();
    }

    /// `SCHEMA_NAME(id)`.
    public static @Nullable String schemaName(int id) throws SQLException {
        return session().home().catalog().schemaById(id).orElse(null);
    }

    /// `SCHEMA_ID()`.
    public static int schemaId() throws SQLException {
        return session().home().catalog().schemaId(schemaName());
    }

    /// `SCHEMA_ID(name)`.
    public static @Nullable Integer schemaId(@Nullable String name) throws SQLException {
        int id = name == null ? 0 : session().home().catalog().schemaId(name);
        return id == 0 ? null : id;
    }

    /// `OBJECT_ID(name)`.
    public static @Nullable Integer objectId(@Nullable String name) throws SQLException {
        return table(name).map(Catalog.Table::objectId).orElse(null);
    }

    /// `OBJECT_ID(name, type)`: tables only.
    public static @Nullable Integer objectId(@Nullable String name, @Nullable String type) throws SQLException {
        return "U".equalsIgnoreCase(type) ? objectId(name) : null;
    }

    /// `OBJECT_NAME(id)`.
    public static @Nullable String objectName(int id) throws SQLException {
        return session().home().catalog().table(id).map(Catalog.Table::name).orElse(null);
    }

    /// `OBJECT_NAME(id, database)` of this database only.
    public static @Nullable String objectName(int id, @Nullable Integer database) throws SQLException {
        return isHome(database) ? objectName(id) : null;
    }

    /// `OBJECT_SCHEMA_NAME(id)`.
    public static @Nullable String objectSchemaName(int id) throws SQLException {
        return session().home().catalog().table(id).map(Catalog.Table::schema).orElse(null);
    }

    /// `OBJECT_SCHEMA_NAME(id, database)` of this database only.
    public static @Nullable String objectSchemaName(int id, @Nullable Integer database) throws SQLException {
        return isHome(database) ? objectSchemaName(id) : null;
    }

    private static boolean isHome(@Nullable Integer database) throws SQLException {
        return database != null && database == session().home().id();
    }

    private static Optional<Catalog.Table> table(@Nullable String name) throws SQLException {
        if (name == null) {
            return Optional.empty();
        }
        try {
            return session().find(ObjectName.parse(name));
        } catch (SqlServerError e) {
            return Optional.empty();
        }
    }

    /// `COL_LENGTH(table, column)`.
    public static @Nullable Integer colLength(@Nullable String table, @Nullable String column) throws SQLException {
        return table(table).stream()
                .flatMap(t -> t.columns().stream())
                .filter(c -> c.name().equalsIgnoreCase(String.valueOf(column)))
                .map(c -> SystemTypes.maxLength(c.type()))
                .findFirst()
                .orElse(null);
    }

    /// `TYPE_NAME(user_type_id)`.
    public static @Nullable String typeName(Connection h2, int userTypeId) throws SQLException {
        try (PreparedStatement statement =
                h2.prepareStatement("SELECT \"name\" FROM \"sys\".\"types\" WHERE \"user_type_id\" = ?")) {
            statement.setInt(1, userTypeId);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }

    /// `SERVERPROPERTY(name)` as text.
    public static @Nullable String serverproperty(@Nullable String name) throws SQLException {
        return switch (String.valueOf(name).toLowerCase(Locale.ROOT)) {
            case "servername", "machinename" -> session().engine().serverName();
            case "productversion" -> ServerFacts.PRODUCT_VERSION;
            case "productmajorversion" -> "16";
            case "productlevel" -> "RTM";
            case "edition" -> "Developer Edition (64-bit)";
            case "engineedition" -> "3";
            case "collation" -> "SQL_Latin1_General_CP1_CI_AS";
            case "ishadrenabled", "isclustered" -> "0";
            default -> null;
        };
    }

    /// `IS_MEMBER(role)`.
    public static @Nullable Integer isMember(@Nullable String role) throws SQLException {
        return isRolemember(role);
    }

    /// `IS_ROLEMEMBER(role)`.
    public static @Nullable Integer isRolemember(@Nullable String role) throws SQLException {
        return isRolemember(role, session().user().name());
    }

    /// `IS_ROLEMEMBER(role, principal)`.
    public static @Nullable Integer isRolemember(@Nullable String role, @Nullable String principal)
            throws SQLException {
        Permissions permissions = session().home().permissions();
        if (role == null || principal == null || !permissions.roleExists(role)) {
            return null;
        }
        return permissions.isMember(principal, role) ? 1 : 0;
    }

    /// `IS_SRVROLEMEMBER(role)`: `sa` is in all.
    public static int isSrvrolemember(@Nullable String role) throws SQLException {
        return session().login().user().equalsIgnoreCase("sa") && role != null ? 1 : 0;
    }

    /// `HAS_PERMS_BY_NAME(securable, class, permission)` for objects, schemas and the database.
    public static @Nullable Integer hasPermsByName(
            @Nullable String securable, @Nullable String kind, @Nullable String permission) throws SQLException {
        Permissions permissions = session().home().permissions();
        String user = session().user().name();
        String what = String.valueOf(permission).toUpperCase(Locale.ROOT);
        boolean allowed;
        if (securable == null || "DATABASE".equalsIgnoreCase(kind)) {
            allowed = permissions.allowedInDatabase(user, what);
        } else if ("SCHEMA".equalsIgnoreCase(kind)) {
            allowed = permissions.allowed(user, what, unquoted(securable), "");
        } else {
            Optional<Catalog.Table> table = table(securable);
            if (table.isEmpty()) {
                return null;
            }
            allowed = permissions.allowed(
                    user, what, table.get().schema(), table.get().name());
        }
        return allowed ? 1 : 0;
    }

    private static String unquoted(String name) throws SQLException {
        try {
            return ObjectName.parse(name).name();
        } catch (SqlServerError e) {
            throw carry(e);
        }
    }

    /// `APPLOCK_MODE(principal, resource, owner)`.
    public static String applockMode(@Nullable String principal, @Nullable String resource, @Nullable String owner)
            throws SQLException {
        boolean ofTransaction = "Transaction".equalsIgnoreCase(owner);
        return session()
                .home()
                .appLocks()
                .mode(resource(principal, resource), session().id(), ofTransaction);
    }

    /// `APPLOCK_TEST(principal, resource, mode, owner)`.
    public static int applockTest(
            @Nullable String principal, @Nullable String resource, @Nullable String mode, @Nullable String owner)
            throws SQLException {
        boolean exclusive = !"Shared".equalsIgnoreCase(mode);
        AppLocks locks = session().home().appLocks();
        return locks.isFree(resource(principal, resource), session().id(), exclusive) ? 1 : 0;
    }

    private static AppLocks.Resource resource(@Nullable String principal, @Nullable String name) {
        return new AppLocks.Resource(String.valueOf(principal).toLowerCase(Locale.ROOT), String.valueOf(name));
    }

    /// `XACT_STATE()`.
    public static int xactState() throws SQLException {
        return session().transactions().depth() > 0 ? 1 : 0;
    }

    /// `ERROR_NUMBER()`.
    public static @Nullable Integer errorNumber() throws SQLException {
        return session().caught().map(SqlServerError::number).orElse(null);
    }

    /// `ERROR_MESSAGE()`.
    public static @Nullable String errorMessage() throws SQLException {
        return session().caught().map(SqlServerError::getMessage).orElse(null);
    }

    /// `ERROR_SEVERITY()`.
    public static @Nullable Integer errorSeverity() throws SQLException {
        return session().caught().map(SqlServerError::severity).orElse(null);
    }

    /// `ERROR_STATE()`.
    public static @Nullable Integer errorState() throws SQLException {
        return session().caught().map(SqlServerError::state).orElse(null);
    }

    /// `CONVERT(varbinary, text, style)`.
    public static byte @Nullable [] fromHex(@Nullable String text, int style) throws SQLException {
        if (text == null) {
            return null;
        }
        boolean prefixed = text.startsWith("0x") || text.startsWith("0X");
        if (prefixed != (style == 1)) {
            throw carry(new SqlServerError(8114, 16, 5, "Error converting data type varchar to varbinary."));
        }
        return HexFormat.of().parseHex(prefixed ? text.substring(2) : text);
    }

    /// `CONVERT(varchar, binary, style)`.
    public static @Nullable String toHex(byte @Nullable [] bytes, int style) {
        String prefix = style == 1 ? "0x" : "";
        return bytes == null ? null : prefix + HexFormat.of().withUpperCase().formatHex(bytes);
    }

    /// `sys.fn_cdc_get_min_lsn`: zeros also where the login may not see the instance.
    public static byte @Nullable [] fnCdcGetMinLsn(@Nullable String instance) throws SQLException {
        EngineSession session = session();
        if (instance == null || !CdcAccess.mayRead(session, instance)) {
            return Lsn.ZERO.toBytes();
        }
        return session.home().capture().minLsn(instance).toBytes();
    }

    /// `sys.fn_cdc_get_max_lsn`.
    public static byte @Nullable [] fnCdcGetMaxLsn() throws SQLException {
        return session().home().capture().maxLsn().map(Lsn::toBytes).orElse(null);
    }

    /// `sys.fn_cdc_increment_lsn`.
    public static byte @Nullable [] fnCdcIncrementLsn(byte @Nullable [] lsn) {
        return lsn == null ? null : Lsn.of(lsn).next().toBytes();
    }

    /// `sys.fn_cdc_map_lsn_to_time`.
    public static @Nullable LocalDateTime fnCdcMapLsnToTime(byte @Nullable [] lsn) throws SQLException {
        String sql = "SELECT \"tran_end_time\" FROM \"cdc\".\"lsn_time_mapping\" WHERE \"start_lsn\" = ?";
        try (Connection h2 = session().home().open();
                PreparedStatement statement = h2.prepareStatement(sql)) {
            statement.setBytes(1, lsn);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getObject(1, LocalDateTime.class) : null;
            }
        }
    }
}
