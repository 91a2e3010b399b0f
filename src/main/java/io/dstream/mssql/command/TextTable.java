package io.dstream.mssql.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Rows in aligned columns, for people. Columns are two spaces apart; nothing is cut.
final class TextTable {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(List<String> header) {
        rows.add(List.copyOf(header));
    }

    /// As many cells as the header has; else throws `IllegalArgumentException`.
    TextTable row(List<String> cells) {
        if (cells.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row has " + cells.size() + " cells and not "
                    + rows.getFirst().size());
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    /// Lines without an end of the last.
    @Override
    public String toString() {
        return rows.stream().map(this::line).collect(Collectors.joining("\n"));
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            line.append(cell).repeat(' ', width(column) - length(cell)).append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
    }

    /// A letter outside the basic plane takes one place, not two.
    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
