package io.dstream.mssql.lock.blob;

import io.dstream.mssql.cdc.TableName;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The names of lock blobs: `<server>/<database>/<schema.table>.lock`, lower case.
///
/// The server is what it calls itself, so that clients that reach it as `localhost`, by address or by alias agree. What
/// would make two names out of one, or one out of two, is percent-encoded: `/`, `\`, `%`, control characters, and the
/// last dot of a part.
final class LockName {

    private LockName() {}

    /// Of the lock of `table`.
    static String of(String server, String database, TableName table) {
        return folder(server, database) + encoded(table.toString()) + ".lock";
    }

    /// Of the blob that is written to find out whether we may.
    static String ofWriteCheck(String server, String database) {
        return folder(server, database) + "write-check";
    }

    private static String folder(String server, String database) {
        return encoded(server) + "/" + encoded(database) + "/";
    }

    private static String encoded(String part) {
        StringBuilder name = new StringBuilder();
        String lower = part.toLowerCase(Locale.ROOT);
        int last = lower.length() - 1;
        for (int i = 0; i <= last; i++) {
            char c = lower.charAt(i);
            if ("/\\%".indexOf(c) >= 0 || Character.isISOControl(c) || (c == '.' && i == last)) {
                for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    name.append('%').append(String.format(Locale.ROOT, "%02x", octet));
                }
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }
}
