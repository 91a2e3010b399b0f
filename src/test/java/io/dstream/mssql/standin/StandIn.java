package io.dstream.mssql.standin;

import io.dstream.mssql.standin.cdc.H2ChangeCapture;
import io.dstream.mssql.standin.engine.Engine;
import io.dstream.mssql.standin.engine.EngineSettings;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.TdsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// The server: listens on 127.0.0.1, keeps everything in memory, ends when closed. Thread-safe.
public final class StandIn implements AutoCloseable {

    /// The login that may do everything.
    public static final String USER = "sa";

    /// Its password.
    public static final String PASSWORD = "Stand-in.1";

    private static final Duration CAPTURE_POLL = Duration.ofMillis(20);

    private final Engine engine;
    private final TdsServer server;

    private StandIn(Engine engine, TdsServer server) {
        this.engine = engine;
        this.server = server;
    }

    /// On any free port, its clock in UTC.
    public static StandIn start() throws IOException {
        return start(0, ZoneOffset.UTC);
    }

    /// On `port`, 0 for any; `zone` is that of its clock.
    public static StandIn start(int port, ZoneId zone) throws IOException {
        Clock clock = Clock.system(zone);
        try {
            Engine engine = new Engine(new EngineSettings(
                    PASSWORD,
                    zone,
                    (database, connections, catalog) ->
                            new H2ChangeCapture(connections::open, catalog, database, clock, CAPTURE_POLL)));
            return new StandIn(engine, TdsServer.start(InetAddress.getLoopbackAddress(), port, engine));
        } catch (SQLException | SqlServerError e) {
            throw new IOException("the stand-in did not start", e);
        }
    }

    /// Where it listens.
    public int port() {
        return server.port();
    }

    /// To look inside: databases, capture, interceptors.
    public Engine engine() {
        return engine;
    }

    /// How anybody connects, in the spelling of ADO.NET and Go.
    public String connectionString(String database) {
        return "server=127.0.0.1," + port() + ";user id=" + USER + ";password=" + PASSWORD + ";database=" + database
                + ";encrypt=disable";
    }

    /// Gives it another name (`@@SERVERNAME`): with [#dropConnections], a failover to another server.
    public void rename(String name) {
        engine.rename(name);
    }

    /// Breaks every connection, as a failover would.
    public void dropConnections() {
        server.dropConnections();
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            engine.close();
        } catch (SQLException e) {
            throw new IOException("the stand-in did not close", e);
        }
    }
}
