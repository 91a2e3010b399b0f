package io.dstream.mssql.standin.engine;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.tsql.ObjectName;
import io.dstream.mssql.standin.tsql.Scope;
import io.dstream.mssql.standin.tsql.SyntaxErrors;
import io.dstream.mssql.standin.tsql.Token;
import io.dstream.mssql.standin.tsql.TypeName;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What names mean in one batch of one session.
final class SessionScope implements Scope {

    private static final int UNKNOWN_OBJECT = 208;
    private static final String ALL_CHANGES = "fn_cdc_get_all_changes_";
    private static final SqlType NAME = new SqlType(Base.NVARCHAR, 300, 0, 0);

    private final EngineSession session;
    private final Variables variables;

    SessionScope(EngineSession session, Variables variables) {
        this.session = session;
        this.variables = variables;
    }

    @Override
    public Bound variable(String name) throws SqlServerError {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "@@trancount" -> number(session.transactions().depth());
            case "@@rowcount" -> number((int) session.rowCount());
            case "@@spid" -> new Bound(SqlType.of(Base.SMALLINT), session.id());
            case "@@error" ->
                number(session.caught().map(SqlServerError::number).orElse(0));
            case "@@lock_timeout" -> number((int) session.settings().lockTimeoutMillis());
            case "@@servername" -> new Bound(NAME, session.engine().serverName());
            case "@@version" -> new Bound(NAME, ServerFacts.VERSION);
            case "@@language" -> new Bound(NAME, "us_english");
            case "@@max_precision" -> number(38);
            default -> variables.get(name);
        };
    }

    private static Bound number(int value) {
        return new Bound(SqlType.of(Base.INT), value);
    }

    @Override
    public String table(ObjectName name, Access access) throws SqlServerError {
        requireServerPermission(name);
        Catalog.Table table = require(name);
        requirePermission(access.name(), table.schema(), table.name());
        return session.home().catalog().h2Name(table.schema(), table.name());
    }

    @Override
    public boolean isCurrent(String database) {
        return database.equalsIgnoreCase(session.database());
    }

    /// Of what is not in this database. Errors: 916, 300, 262.
    private void requireServerPermission(ObjectName name) throws SqlServerError {
        boolean isAdmin = session.login().user().equalsIgnoreCase("sa");
        boolean isView = name.schema().filter("sys"::equalsIgnoreCase).isPresent();
        if (EngineSession.isInMsdb(name) && !isAdmin) {
            throw new SqlServerError(
                    916,
                    14,
                    1,
                    "The server principal \"" + session.login().user()
                            + "\" is not able to access the database \"msdb\" under the current security context.");
        }
        if (isView && name.name().equalsIgnoreCase("dm_server_services") && !isAdmin) {
            throw new SqlServerError(
                    300, 14, 1, "VIEW SERVER STATE permission was denied on object 'server', database 'master'.");
        }
        if (isView
                && name.name().equalsIgnoreCase("dm_cdc_log_scan_sessions")
                && !session.home().permissions().isMember(user(), "db_owner")) {
            throw new SqlServerError(
                    262, 14, 1, "VIEW DATABASE STATE permission denied in database '" + session.database() + "'.");
        }
    }

    /// Errors: 208.
    Catalog.Table require(ObjectName name) throws SqlServerError {
        try {
            return session.find(name).orElseThrow(() -> SyntaxErrors.unknownObject(name.toString()));
        } catch (SQLException e) {
            throw H2Errors.translate(e);
        }
    }

    /// Errors: 229.
    void requirePermission(String permission, String schema, String name) throws SqlServerError {
        if (!session.home().permissions().allowed(user(), permission, schema, name)) {
            throw denied(permission, schema, name);
        }
    }

    private SqlServerError denied(String permission, String schema, String name) {
        return new SqlServerError(
                229,
                14,
                5,
                "The " + permission + " permission was denied on the object '" + name + "', database '"
                        + session.database() + "', schema '" + schema + "'.");
    }

    private String user() throws SqlServerError {
        try {
            return session.user().name();
        } catch (SQLException e) {
            throw H2Errors.translate(e);
        }
    }

    @Override
    public List<String> insertColumns(ObjectName table) throws SqlServerError {
        return require(table).columns().stream()
                .filter(c ->
                        !c.identity() && c.computedAs().isEmpty() && c.type().base() != Base.ROWVERSION)
                .map(Catalog.Column::name)
                .toList();
    }

    @Override
    public void checkInsertColumns(ObjectName name, List<String> columns) throws SqlServerError {
        Catalog.Table table = require(name);
        Optional<Integer> allowed = session.settings().identityInsert();
        boolean identityAllowed = allowed.isPresent() && allowed.get() == table.objectId();
        for (Catalog.Column column : table.columns()) {
            if (columns.stream().noneMatch(column.name()::equalsIgnoreCase)) {
                continue;
            }
            if (column.identity() && !identityAllowed) {
                throw new SqlServerError(
                        544,
                        "Cannot insert explicit value for identity column in table '" + table.name()
                                + "' when IDENTITY_INSERT is set to OFF.");
            }
            if (column.computedAs().isPresent()) {
                throw new SqlServerError(
                        271,
                        "The column \"" + column.name() + "\" cannot be modified because it is a computed column.");
            }
            boolean cdc = table.schema().equals("cdc");
            if (column.type().base() == Base.ROWVERSION && !cdc) {
                throw new SqlServerError(273, "Cannot insert an explicit value into a timestamp column.");
            }
        }
    }

    @Override
    public String tableFunction(ObjectName function, List<List<Token>> arguments) throws SqlServerError {
        String lower = function.name().toLowerCase(Locale.ROOT);
        boolean inCdc = function.schema().filter("cdc"::equalsIgnoreCase).isPresent()
                && function.database().map(this::isCurrent).orElse(true);
        if (!inCdc || !lower.startsWith(ALL_CHANGES)) {
            throw SyntaxErrors.unknownObject(function.toString());
        }
        try {
            return allChanges(function.name().substring(ALL_CHANGES.length()), function, arguments);
        } catch (SQLException e) {
            throw H2Errors.translate(e);
        }
    }

    private String allChanges(String instance, ObjectName function, List<List<Token>> arguments)
            throws SQLException, SqlServerError {
        if (arguments.size() != 3) {
            throw insufficientArguments(function);
        }
        if (!CdcAccess.mayRead(session, instance)) {
            throw denied("SELECT", "cdc", function.name());
        }
        Evaluator evaluator = new Evaluator(session, this);
        Object from = evaluator.value(arguments.get(0));
        Object to = evaluator.value(arguments.get(1));
        Object filter = evaluator.value(arguments.get(2));
        if (!(from instanceof byte[] fromBytes && to instanceof byte[] toBytes && filter instanceof String rowFilter)
                || fromBytes.length != Lsn.LENGTH
                || toBytes.length != Lsn.LENGTH) {
            throw insufficientArguments(function);
        }
        try {
            return session.home().capture().allChanges(instance, Lsn.of(fromBytes), Lsn.of(toBytes), rowFilter);
        } catch (SqlServerError e) {
            // By the name that the statement has for it: clients read it.
            throw e.number() == UNKNOWN_OBJECT ? SyntaxErrors.unknownObject(function.toString()) : e;
        }
    }

    private static SqlServerError insufficientArguments(ObjectName function) {
        return new SqlServerError(
                313,
                16,
                3,
                "An insufficient number of arguments were supplied for the procedure or function " + function
                        + " ... .");
    }

    @Override
    public SqlType type(TypeName name, int defaultLength) throws SqlServerError {
        Optional<SqlType> builtIn = name.builtIn(defaultLength);
        if (builtIn.isPresent()) {
            return builtIn.get();
        }
        return session.home()
                .catalog()
                .aliasType(name.name().name())
                .map(DatabaseCatalog.AliasType::type)
                .orElseThrow(() -> new SqlServerError(243, "Type " + name.name() + " is not a defined system type."));
    }
}
