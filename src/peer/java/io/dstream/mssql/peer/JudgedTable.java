package io.dstream.mssql.peer;

import io.dstream.mssql.process.TypeMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// A table that both read: its key, an int `id`, and its other columns with what may be written into them.
record JudgedTable(String name, List<Column> columns) {

    /// `values` are literals of T-SQL.
    record Column(String name, String type, List<String> values) {

        private boolean isLarge() {
            String lower = type.toLowerCase(Locale.ROOT);
            return lower.endsWith("(max)")
                    || Set.of("text", "ntext", "image", "xml").contains(lower);
        }
    }

    private static final int LONGEST_LITERAL = 2_000;

    /// Of schema `dbo`.
    String qualified() {
        return "dbo." + name;
    }

    /// The spelling of a column's values.
    ValueForm form(String column) {
        return columns.stream()
                .filter(candidate -> candidate.name().equals(column))
                .map(found -> ValueForm.of(found.type()))
                .findFirst()
                .orElse(ValueForm.AS_IT_IS);
    }

    /// Whether the column may be missing in a row of a change table.
    boolean isLarge(String column) {
        return columns.stream().anyMatch(candidate -> candidate.name().equals(column) && candidate.isLarge());
    }

    String create() {
        return "CREATE TABLE " + qualified() + " (id int NOT NULL PRIMARY KEY, "
                + columns.stream()
                        .map(column -> column.name() + " " + column.type() + " NULL")
                        .collect(Collectors.joining(", "))
                + ")";
    }

    /// The table with one column more.
    JudgedTable with(Column added) {
        List<Column> more = new ArrayList<>(columns);
        more.add(added);
        return new JudgedTable(name, List.copyOf(more));
    }

    /// Short rows, written most.
    static JudgedTable plain() {
        return new JudgedTable(
                "plain",
                List.of(new Column(
                        "v",
                        "nvarchar(200)",
                        List.of("N''", "N'plain'", "N'\"q\" \\'", "N'\u00fc\u20ac \uD83D\uDE00'"))));
    }

    /// Large values, few enough columns that the update mask is one byte.
    static JudgedTable large() {
        return new JudgedTable(
                "large",
                List.of(
                        new Column("number", "int", List.of("1", "2", "3")),
                        new Column("c_text", "text", List.of("'a'", "'b'")),
                        new Column("c_ntext", "ntext", List.of("N'a'", "N'\u00fc'")),
                        new Column("c_image", "image", List.of("0x01", "0x")),
                        new Column("c_max", "varchar(max)", List.of("'x'", "REPLICATE('y', 9000)")),
                        new Column("c_nmax", "nvarchar(max)", List.of("N'x'", "N'\uD83D\uDE00'")),
                        new Column("c_bmax", "varbinary(max)", List.of("0x", "0x0102"))));
    }

    /// Every type that both can express.
    static JudgedTable kinds() {
        List<Column> columns = new ArrayList<>();
        for (TypeMatrix.Column column : TypeMatrix.columns()) {
            if (Differences.isExpressibleByBoth(column.type())) {
                List<String> literals = column.values().stream()
                        .map(TypeMatrix.Value::sql)
                        .filter(literal -> literal.length() < LONGEST_LITERAL)
                        .toList();
                columns.add(new Column(column.name(), column.type(), literals));
            }
        }
        return new JudgedTable("kinds", List.copyOf(columns));
    }
}
