package io.dstream.mssql;

import java.util.Optional;

/// What `--help` and `--version` say.
final class Usage {

    static final String HELP = """
            Reads SQL Server change data capture, writes JSON lines to stdout. The configuration comes on stdin,
            or from a file.

              dstream-ingester-mssql [run] < config.json      follow the tables until stopped
              dstream-ingester-mssql plan < config.json       check everything, change nothing
              dstream-ingester-mssql init < config.json       make the offsets table and the lock container
              dstream-ingester-mssql status < config.json     tell position, lag and lock holder of each table
              dstream-ingester-mssql destroy < config.json    remove the tables' positions and lock blobs

              --config FILE   read the configuration from FILE, not from stdin
              --json          plan, init, status, destroy: answer with one line of JSON
              --enable-cdc    init: enable change data capture of the database and the tables, too
              --help          this text
              --version       the version

            Variables: DSTREAM_LOG_LEVEL (debug, info, warn or error); outside a container DSTREAM_JAVA_HOME
            (the Java to run on), DSTREAM_JAVA_OPTS (its options) and DSTREAM_CACHE=off (start without the
            archive that shortens starts).

            Exit codes: 0 done, stopped as asked, nothing broken; 1 failed, something is broken;
            2 the configuration or an argument cannot be used.""";

    private Usage() {}

    /// Of the package this runs from.
    static String version() {
        return "dstream-ingester-mssql "
                + Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                        .orElse("of an unknown version");
    }
}
