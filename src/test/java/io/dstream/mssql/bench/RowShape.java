package io.dstream.mssql.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the rows of a run look like: the columns after the key `id`. Add a shape here and it is an answer to `--rows`.
enum RowShape {
    NARROW(1_000_000, "ten mixed columns"),
    WIDE(200_000, "60 mixed columns"),
    LOB(10_000, "a text and a binary value of 10 to 40 kB each on the wire");

    private final int defaultRows;
    private final String description;

    RowShape(int defaultRows, String description) {
        this.defaultRows = defaultRows;
        this.description = description;
    }

    /// By its name in lower case.
    static Optional<RowShape> named(String name) {
        return Arrays.stream(values())
                .filter(shape -> shape.text().equals(name))
                .findFirst();
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// How many a run has unless it is told: some 250 to 450 MB of them.
    int defaultRows() {
        return defaultRows;
    }

    String description() {
        return description;
    }

    /// Without `id`.
    List<BenchColumn> columns() {
        return switch (this) {
            case NARROW -> BenchColumns.NARROW;
            case WIDE -> BenchColumns.WIDE;
            case LOB -> BenchColumns.LOB;
        };
    }

    String createTable(String table) {
        return columns().stream()
                .map(BenchColumn::declaration)
                .collect(Collectors.joining(", ", "CREATE TABLE " + table + " (id int NOT NULL PRIMARY KEY, ", ")"));
    }
}
