package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call of a procedure with its arguments, positional first.
record ProcedureCall(String procedure, List<Argument> arguments) {

    /// `name` with its `@` where it was named.
    record Argument(Optional<String> name, @Nullable Object value) {}

    static ProcedureCall ofRpc(String procedure, List<SqlParameter> parameters) {
        List<Argument> arguments = new ArrayList<>();
        for (SqlParameter parameter : parameters) {
            Optional<String> name = parameter.name().isEmpty() ? Optional.empty() : Optional.of(parameter.name());
            arguments.add(new Argument(name, parameter.value()));
        }
        return new ProcedureCall(procedure, arguments);
    }

    /// Without schema and brackets, in lower case.
    String shortName() {
        String plain = procedure.replace("[", "").replace("]", "").toLowerCase(Locale.ROOT);
        return plain.substring(plain.lastIndexOf('.') + 1);
    }

    /// False where it was asked for in another database, as in `other.sys.sp_x`; those of `master` are everywhere.
    boolean isIn(String database) {
        String[] parts = procedure.replace("[", "").replace("]", "").split("\\.", -1);
        return parts.length < 3
                || parts[0].isEmpty()
                || parts[0].equalsIgnoreCase(database)
                || parts[0].equalsIgnoreCase("master");
    }

    /// Binds arguments to the names of a procedure's parameters. Errors: 8144, 8145.
    Arguments bind(String... names) throws SqlServerError {
        List<String> known = List.of(names);
        List<Argument> bound = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            Argument argument = arguments.get(i);
            if (argument.name().isEmpty() && i >= known.size()) {
                throw new SqlServerError(
                        8144, 16, 2, "Procedure or function " + procedure + " has too many arguments specified.");
            }
            String name =
                    argument.name().isEmpty() ? known.get(i) : argument.name().orElse("");
            if (known.stream().noneMatch(name::equalsIgnoreCase)) {
                throw new SqlServerError(8145, 16, 2, name + " is not a parameter for procedure " + procedure + ".");
            }
            bound.add(new Argument(Optional.of(name), argument.value()));
        }
        return new Arguments(procedure, bound);
    }

    /// Arguments by name.
    record Arguments(String procedure, List<Argument> all) {

        Optional<Object> find(String name) {
            for (Argument argument : all) {
                if (argument.name().filter(name::equalsIgnoreCase).isPresent()) {
                    return Optional.ofNullable(argument.value());
                }
            }
            return Optional.empty();
        }

        Optional<String> text(String name) {
            return find(name).map(String::valueOf);
        }

        /// Errors: 201 where it is missing.
        String require(String name) throws SqlServerError {
            return text(name)
                    .orElseThrow(() -> new SqlServerError(
                            201,
                            16,
                            4,
                            "Procedure or function '" + procedure + "' expects parameter '" + name
                                    + "', which was not supplied."));
        }
    }
}
