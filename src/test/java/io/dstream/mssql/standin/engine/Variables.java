package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.tsql.Scope.Bound;
import io.dstream.mssql.standin.tsql.SyntaxErrors;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables of one batch, its parameters among them.
final class Variables {

    private final List<SqlParameter> parameters;
    private final Map<String, Bound> values = new HashMap<>();

    private Variables(List<SqlParameter> parameters) {
        this.parameters = parameters;
    }

    static Variables of(List<SqlParameter> parameters) {
        Variables variables = new Variables(parameters);
        for (SqlParameter parameter : parameters) {
            variables.values.put(key(parameter.name()), new Bound(parameter.type(), parameter.value()));
        }
        return variables;
    }

    Bound get(String name) throws SqlServerError {
        Bound bound = values.get(key(name));
        if (bound == null) {
            throw SyntaxErrors.undeclared(name);
        }
        return bound;
    }

    /// NULL until it is set. A loop may declare it again.
    void declare(String name, SqlType type) {
        values.put(key(name), new Bound(type, null));
    }

    void set(String name, @Nullable Object value) throws SqlServerError {
        values.put(key(name), new Bound(get(name).type(), value));
    }

    /// Answers the output parameters.
    void answerOutputs(Answers answers) throws SqlServerError, IOException {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).output()) {
                answers.output(i, get(parameters.get(i).name()).value());
            }
        }
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
