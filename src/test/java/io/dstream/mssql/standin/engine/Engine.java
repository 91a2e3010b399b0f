package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.cdc.ChangeCapture;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlSession;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// The server behind the wire: databases, logins, sessions. `master` and the login `sa` are there from the start.
/// Thread-safe.
public final class Engine implements SqlSession.Factory, AutoCloseable {

    private static final int FIRST_SESSION = 51;
    private static final int FIRST_USER_DATABASE = 5;

    private final EngineSettings settings;
    private final Map<String, StandInDatabase> databases = new ConcurrentHashMap<>();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Map<Integer, EngineSession> sessions = new ConcurrentHashMap<>();
    private final List<StatementInterceptor> interceptors = new CopyOnWriteArrayList<>();
    private final AtomicInteger nextSession = new AtomicInteger(FIRST_SESSION);
    private final AtomicInteger nextDatabase = new AtomicInteger(FIRST_USER_DATABASE);
    private volatile String serverName = ServerFacts.FIRST_NAME;

    /// Makes `master`.
    public Engine(EngineSettings settings) throws SQLException, SqlServerError {
        this.settings = settings;
        passwords.put("sa", settings.saPassword());
        databases.put("master", new StandInDatabase("master", 1, settings));
        refreshDatabases();
    }

    EngineSettings settings() {
        return settings;
    }

    /// `@@SERVERNAME`.
    String serverName() {
        return serverName;
    }

    /// Gives the server another name, as if another one answered under its address.
    public void rename(String name) {
        serverName = name;
    }

    /// Asked in the order they were added, until one answers.
    public void addInterceptor(StatementInterceptor interceptor) {
        interceptors.add(interceptor);
    }

    /// Takes it out again.
    public void removeInterceptor(StatementInterceptor interceptor) {
        interceptors.remove(interceptor);
    }

    List<StatementInterceptor> interceptors() {
        return interceptors;
    }

    /// The capture of a database: to pause it, or to look inside. Throws `IllegalArgumentException` where it is not.
    public ChangeCapture capture(String database) {
        return database(database)
                .orElseThrow(() -> new IllegalArgumentException("no database " + database))
                .capture();
    }

    /// The numbers (`@@SPID`) of the sessions that are open.
    public List<Integer> sessionIds() {
        return List.copyOf(sessions.keySet());
    }

    @Override
    public SqlSession open(SqlSession.Login login) throws SqlServerError {
        String password = passwords.get(lower(login.user()));
        if (password == null || !password.equals(login.password())) {
            throw new SqlServerError(18456, 14, 1, "Login failed for user '" + login.user() + "'.");
        }
        String name = login.database().isEmpty() ? "master" : login.database();
        StandInDatabase database = database(name).orElseThrow(() -> cannotOpen(name));
        if (userIn(database, login.user()).isEmpty()) {
            throw cannotOpen(name);
        }
        int id = nextSession.getAndIncrement();
        EngineSession session = new EngineSession(this, id, login, database);
        sessions.put(id, session);
        return session;
    }

    private static SqlServerError cannotOpen(String database) {
        return new SqlServerError(
                4060, 11, 1, "Cannot open database \"" + database + "\" requested by the login. The login failed.");
    }

    /// Who a login is in a database: `sa` is `dbo`, everybody is `guest` in `master`.
    Optional<Permissions.User> userIn(StandInDatabase database, String login) {
        if (login.equalsIgnoreCase("sa")) {
            return Optional.of(new Permissions.User("dbo", Optional.of("sa"), "dbo"));
        }
        Optional<Permissions.User> user = database.permissions().userOf(login);
        boolean guest = user.isEmpty() && database.name().equals("master");
        return guest ? Optional.of(new Permissions.User("guest", Optional.of(login), "guest")) : user;
    }

    void closed(EngineSession session) {
        sessions.remove(session.id());
    }

    /// KILL. Errors: 6106 for a session that is not there.
    void kill(int id) throws SqlServerError {
        EngineSession session = sessions.get(id);
        if (session == null) {
            throw new SqlServerError(6106, "Process ID " + id + " is not an active process ID.");
        }
        session.kill();
    }

    Optional<StandInDatabase> database(String name) {
        return Optional.ofNullable(databases.get(lower(name)));
    }

    /// `CREATE DATABASE`. Errors: 1801.
    public synchronized void createDatabase(String name) throws SQLException, SqlServerError {
        if (database(name).isPresent()) {
            throw new SqlServerError(1801, 16, 3, "Database '" + name + "' already exists. Choose a different one.");
        }
        databases.put(lower(name), new StandInDatabase(name, nextDatabase.getAndIncrement(), settings));
        refreshDatabases();
    }

    synchronized void dropDatabase(String name, boolean ifExists) throws SQLException, SqlServerError {
        Optional<StandInDatabase> database = database(name);
        if (database.isEmpty()) {
            if (ifExists) {
                return;
            }
            throw new SqlServerError(
                    3701, 11, 1, "Cannot drop the database '" + name + "', because it does not exist.");
        }
        boolean inUse = sessions.values().stream().anyMatch(s -> s.database().equalsIgnoreCase(name));
        if (inUse || name.equalsIgnoreCase("master")) {
            throw new SqlServerError(3702, "Cannot drop database \"" + name + "\" because it is currently in use.");
        }
        databases.remove(lower(name));
        database.get().close();
        refreshDatabases();
    }

    /// After a database came, went, or changed whether it captures.
    synchronized void refreshDatabases() throws SQLException {
        List<StandInDatabase> all = new ArrayList<>(databases.values());
        all.sort((a, b) -> Integer.compare(a.id(), b.id()));
        for (StandInDatabase database : all) {
            database.setDatabases(all);
        }
    }

    void createLogin(String name, String password) throws SqlServerError {
        if (passwords.putIfAbsent(lower(name), password) != null) {
            throw new SqlServerError(15025, "The server principal '" + name + "' already exists.");
        }
    }

    void dropLogin(String name) throws SqlServerError {
        if (passwords.remove(lower(name)) == null) {
            throw new SqlServerError(15151, "Cannot drop the login '" + name + "', because it does not exist.");
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() throws SQLException {
        for (EngineSession session : List.copyOf(sessions.values())) {
            session.close();
        }
        for (StandInDatabase database : databases.values()) {
            database.close();
        }
        databases.clear();
    }
}
