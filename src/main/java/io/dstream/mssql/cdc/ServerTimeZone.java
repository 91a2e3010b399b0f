package io.dstream.mssql.cdc;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Properties;

/// The zone of a server's clock, from the names that SQL Server and people give it.
///
/// `CURRENT_TIMEZONE_ID()` answers with a Windows name (`W. Europe Standard Time`), on Linux usually with `UTC` or an
/// IANA name. Windows names are looked up in CLDR's table for territory 001, which follows daylight saving as Windows
/// does but may differ from a country's own rules in the far past.
///
/// Sources: Microsoft Learn, "CURRENT_TIMEZONE_ID (Transact-SQL)"; Unicode CLDR, "windowsZones".
public final class ServerTimeZone {

    private ServerTimeZone() {}

    /// The zone of a Windows name, an IANA name or a fixed offset such as `+02:00`; empty if it is none of these.
    /// Blanks around it are allowed, case counts.
    public static Optional<ZoneId> parse(String id) {
        String name = id.strip();
        try {
            return Optional.of(ZoneId.of(WindowsNames.TABLE.getProperty(name, name)));
        } catch (DateTimeException unknown) {
            return Optional.empty();
        }
    }

    /// Read when the first name is asked for.
    static final class WindowsNames {

        static final Properties TABLE = load();

        private WindowsNames() {}

        private static Properties load() {
            Properties table = new Properties();
            try (InputStream in = ServerTimeZone.class.getResourceAsStream("windows-time-zones.properties")) {
                table.load(requireNonNull(in, "windows-time-zones.properties is not beside its class"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return table;
        }
    }
}
