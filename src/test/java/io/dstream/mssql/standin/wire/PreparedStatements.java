package io.dstream.mssql.standin.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What one client has prepared, by its handle. For one thread.
final class PreparedStatements {

    private final Map<Integer, Prepared> byHandle = new HashMap<>();
    private int lastHandle;

    /// A statement and the names of its parameters, each with its `@`.
    record Prepared(String sql, List<String> names) {

        /// `definitions` as in `@P0 int,@P1 decimal(10,2) output`.
        static Prepared of(String sql, String definitions) {
            List<String> names = new ArrayList<>();
            int depth = 0;
            int start = 0;
            for (int i = 0; i <= definitions.length(); i++) {
                char c = i == definitions.length() ? ',' : definitions.charAt(i);
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                if (c == ',' && depth == 0) {
                    String definition = definitions.substring(start, i).strip();
                    if (!definition.isEmpty()) {
                        names.add(definition.split("\\s", 2)[0]);
                    }
                    start = i + 1;
                }
            }
            return new Prepared(sql, List.copyOf(names));
        }

        /// Gives values that came without a name the name that was declared at their place.
        List<SqlParameter> bind(List<SqlParameter> values) {
            List<SqlParameter> bound = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                SqlParameter value = values.get(i);
                String name = value.name().isEmpty() && i < names.size() ? names.get(i) : value.name();
                bound.add(new SqlParameter(name, value.type(), value.value(), value.output()));
            }
            return bound;
        }
    }

    int add(Prepared prepared) {
        byHandle.put(++lastHandle, prepared);
        return lastHandle;
    }

    Prepared get(int handle) throws SqlServerError {
        Prepared prepared = byHandle.get(handle);
        if (prepared == null) {
            throw new SqlServerError(8179, "Could not find prepared statement with handle " + handle + ".");
        }
        return prepared;
    }

    void remove(int handle) {
        byHandle.remove(handle);
    }

    void clear() {
        byHandle.clear();
    }
}
