package io.dstream.mssql.testing;

import io.dstream.mssql.standin.StandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.mssqlserver.MSSQLServerContainer;

/// The server that integration tests talk to: the stand-in, or with `-Dsqlserver=container` a real SQL Server in a
/// container. One for all tests of a run; it ends with the process. Thread-safe.
public final class TestServer {

    private static final String IMAGE = "mcr.microsoft.com/mssql/server:2022-latest";
    private static final int SQL_SERVER_PORT = 1433;

    private static final TestServer SHARED = open();

    private final String host;
    private final int port;
    private final String password;
    private final Optional<StandIn> standIn;

    private TestServer(String host, int port, String password, Optional<StandIn> standIn) {
        this.host = host;
        this.port = port;
        this.password = password;
        this.standIn = standIn;
    }

    /// Starts it, if this is the first call.
    public static TestServer shared() {
        return SHARED;
    }

    /// A stand-in of the caller's own, which the caller closes, whose clock shows the time of `zone`.
    static TestServer standInIn(ZoneId zone) throws IOException {
        StandIn standIn = StandIn.start(0, zone);
        return new TestServer("127.0.0.1", standIn.port(), StandIn.PASSWORD, Optional.of(standIn));
    }

    private static TestServer open() {
        String kind = System.getProperty("sqlserver", "standin");
        return switch (kind) {
            case "standin" -> ofStandIn();
            case "container" -> ofContainer();
            default -> throw new IllegalStateException("-Dsqlserver is standin or container, not " + kind);
        };
    }

    private static TestServer ofStandIn() {
        try {
            StandIn standIn = StandIn.start();
            return new TestServer("127.0.0.1", standIn.port(), StandIn.PASSWORD, Optional.of(standIn));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The container ends with this process: Testcontainers sees to it.
    private static TestServer ofContainer() {
        MSSQLServerContainer container = new MSSQLServerContainer(IMAGE)
                .acceptLicense()
                .withEnv("MSSQL_AGENT_ENABLED", "true")
                .withEnv("TZ", "UTC");
        container.start();
        return new TestServer(
                container.getHost(),
                container.getMappedPort(SQL_SERVER_PORT),
                container.getPassword(),
                Optional.empty());
    }

    /// The stand-in, for tests that count, break or look inside; empty on a real server, where they are skipped.
    public Optional<StandIn> standIn() {
        return standIn;
    }

    /// As `server_name` in envelopes.
    public String host() {
        return host;
    }

    /// In the spelling of ADO.NET and Go, as `sa`.
    public String connectionString(String database) {
        return connectionString(database, "sa", password);
    }

    /// In the spelling of ADO.NET and Go, as another login.
    public String connectionString(String database, String user, String userPassword) {
        return "server=" + host + "," + port + ";user id=" + user + ";password=" + userPassword + ";database="
                + database + (standIn.isPresent() ? ";encrypt=disable" : ";encrypt=true;trustservercertificate=true");
    }

    /// For the driver, as `sa`.
    public Map<String, String> driverProperties(String database) {
        return Map.of(
                "serverName",
                host,
                "portNumber",
                Integer.toString(port),
                "user",
                "sa",
                "password",
                password,
                "databaseName",
                database,
                "encrypt",
                Boolean.toString(standIn.isEmpty()),
                "trustServerCertificate",
                "true");
    }
}
