package io.dstream.mssql.db;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import io.dstream.mssql.failure.PermanentFailure;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Opens connections with the driver, without a pool. Thread-safe.
///
/// A refused login is remembered for a few seconds and answered without asking again: a pool that tries on and on would
/// lock the account.
final class DriverConnections implements DataSource {

    private static final Duration REFUSAL_REMEMBERED = Duration.ofSeconds(5);

    /// Everything but the properties, which hold the host too.
    private static final String URL = "jdbc:sqlserver://";

    private final SQLServerDriver driver = new SQLServerDriver();
    private final Properties properties = new Properties();
    private final AtomicReference<@Nullable Refusal> refusal = new AtomicReference<>();

    /// `properties` are the driver's own, by its names.
    DriverConnections(Map<String, String> properties) {
        this.properties.putAll(properties);
    }

    private record Refusal(SQLException why, long atNanos) {
        boolean isRecent() {
            return System.nanoTime() - atNanos < REFUSAL_REMEMBERED.toNanos();
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        Refusal last = refusal.get();
        if (last != null && last.isRecent()) {
            throw last.why();
        }
        try {
            Connection connection = driver.connect(URL, properties);
            refusal.set(null);
            return Optional.ofNullable(connection)
                    .orElseThrow(() -> new SQLException("the driver does not know " + URL));
        } catch (SQLException e) {
            if (SqlErrors.translate("connect", e) instanceof PermanentFailure) {
                refusal.set(new Refusal(e, System.nanoTime()));
            }
            throw e;
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the login is among the properties");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        // The driver logs through java.util.logging.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // Among the properties; the pool's shorter patience must not cut a slow login short.
    }

    @Override
    public int getLoginTimeout() {
        return 1;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return driver.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
