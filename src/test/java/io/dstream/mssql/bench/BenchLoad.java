package io.dstream.mssql.bench;

import io.dstream.mssql.config.ReadingConfig.ReadMode;
import java.util.Locale;

/// What there is to read, and how: `rows` of one shape, in transactions of `rowsATransaction`.
record BenchLoad(RowShape shape, int rows, int rowsATransaction, ReadMode mode) {

    /// For the report.
    String describe() {
        return String.format(
                Locale.ROOT,
                "%,d rows with %s, %s, %s",
                rows,
                shape.description(),
                rowsATransaction == 1
                        ? "one a transaction"
                        : String.format(Locale.ROOT, "%,d a transaction", rowsATransaction),
                modeText(mode));
    }

    /// As in the configuration.
    static String modeText(ReadMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
