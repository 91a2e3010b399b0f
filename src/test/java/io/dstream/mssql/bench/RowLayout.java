package io.dstream.mssql.bench;

import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which of a change table's own columns a question names, in its order: those before the captured columns and those
/// after them. `captured` is in the table's order, `id` first.
record RowLayout(List<Key> before, List<Key> after) {

    /// What CDC adds to a row.
    enum Key {
        START_LSN,
        SEQVAL,
        OPERATION,
        UPDATE_MASK,
        COMMAND_ID,
        /// When the transaction ended: no column, but what Debezium selects beside them.
        COMMIT_TIME;

        private SqlColumn column() {
            SqlType type = switch (this) {
                case START_LSN, SEQVAL -> new SqlType(Base.BINARY, 10, 0, 0);
                case OPERATION, COMMAND_ID -> SqlType.of(Base.INT);
                case UPDATE_MASK -> new SqlType(Base.VARBINARY, 128, 0, 0);
                case COMMIT_TIME -> new SqlType(Base.DATETIMEOFFSET, 0, 0, 7);
            };
            return this == COMMIT_TIME
                    ? new SqlColumn("", type, true)
                    : new SqlColumn("__$" + name().toLowerCase(Locale.ROOT), type, this == UPDATE_MASK);
        }

        private static Optional<Key> named(String name) {
            return Arrays.stream(values())
                    .filter(key -> key.name().equalsIgnoreCase(name))
                    .findFirst();
        }
    }

    private static final Pattern SELECT_LIST = Pattern.compile("(?is)\\bSELECT\\b(.*?)\\bFROM\\b");
    private static final String COMMIT_TIME = ", TODATETIMEOFFSET(";
    private static final Pattern NAME = Pattern.compile("\\[(__\\$)?(\\w+)]");

    /// What `sql` selects.
    static RowLayout of(String sql) {
        Matcher list = SELECT_LIST.matcher(sql);
        if (!list.find()) {
            throw new IllegalArgumentException("no SELECT list: " + sql);
        }
        List<Key> before = new ArrayList<>();
        List<Key> after = new ArrayList<>();
        boolean captured = false;
        String selected = list.group(1);
        int time = selected.indexOf(COMMIT_TIME);
        Matcher name = NAME.matcher(time < 0 ? selected : selected.substring(0, time));
        while (name.find()) {
            Optional<Key> key = name.group(1) == null ? Optional.empty() : Key.named(name.group(2));
            captured |= key.isEmpty();
            key.ifPresent((captured ? after : before)::add);
        }
        if (time >= 0) {
            after.add(Key.COMMIT_TIME);
        }
        return new RowLayout(List.copyOf(before), List.copyOf(after));
    }

    /// As they are announced before rows of `shape`.
    List<SqlColumn> columns(RowShape shape) {
        List<SqlColumn> columns = new ArrayList<>();
        before.forEach(key -> columns.add(key.column()));
        columns.add(new SqlColumn("id", SqlType.of(Base.INT), true));
        shape.columns().forEach(column -> columns.add(column.captured()));
        after.forEach(key -> columns.add(key.column()));
        return columns;
    }
}
