package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.tsql.DdlStatement.ColumnDefinition;
import io.dstream.mssql.standin.tsql.H2Types;
import io.dstream.mssql.standin.tsql.Rewriter;
import io.dstream.mssql.standin.tsql.TypeName;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Turns parsed columns into declared ones.
final class ColumnDeclarations {

    private final EngineSession session;
    private final SessionScope scope;

    ColumnDeclarations(EngineSession session, SessionScope scope) {
        this.session = session;
        this.scope = scope;
    }

    /// `known` are the columns that are there already; a computed column may use them and those before it.
    List<DatabaseCatalog.Definition> declare(
            List<ColumnDefinition> parsed, List<Catalog.Column> known, List<String> primaryKey)
            throws SQLException, SqlServerError {
        List<Catalog.Column> before = new ArrayList<>(known);
        List<DatabaseCatalog.Definition> definitions = new ArrayList<>();
        for (ColumnDefinition one : parsed) {
            boolean key = primaryKey.stream().anyMatch(one.name()::equalsIgnoreCase);
            DatabaseCatalog.Definition definition = one.type().isEmpty()
                    ? computed(one, before)
                    : stored(one, one.type().get(), key);
            definitions.add(definition);
            before.add(definition.column());
        }
        return definitions;
    }

    private DatabaseCatalog.Definition stored(ColumnDefinition parsed, TypeName typeName, boolean key)
            throws SqlServerError {
        SqlType type = scope.type(typeName, TypeName.LENGTH_IN_DECLARATION);
        Optional<DatabaseCatalog.AliasType> alias = typeName.builtIn(1).isPresent()
                ? Optional.empty()
                : session.home().catalog().aliasType(typeName.name().name());
        boolean aliasNullable = alias.map(DatabaseCatalog.AliasType::nullable).orElse(true);
        boolean never = key || parsed.identity().isPresent() || type.base() == Base.ROWVERSION;
        boolean nullable = !never && parsed.nullable().orElse(aliasNullable);
        Optional<String> defaultSql = parsed.defaultValue().isEmpty()
                ? Optional.empty()
                : Optional.of(Rewriter.constant(parsed.defaultValue(), scope));
        Catalog.Column column = new Catalog.Column(
                parsed.name(),
                type,
                nullable,
                parsed.identity().isPresent(),
                Optional.empty(),
                alias.map(DatabaseCatalog.AliasType::name));
        return new DatabaseCatalog.Definition(column, defaultSql, parsed.identity());
    }

    /// H2 says what type its expression has.
    private DatabaseCatalog.Definition computed(ColumnDefinition parsed, List<Catalog.Column> before)
            throws SQLException, SqlServerError {
        String expression = Rewriter.constant(parsed.computedAs(), scope);
        String columns = before.stream()
                .map(c -> "CAST(NULL AS " + H2Types.of(c.type()) + ") AS " + H2Types.quote(c.name()))
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + expression + " FROM (SELECT " + columns + ") AS \"x\"";
        try (PreparedStatement statement = session.h2().prepareStatement(sql)) {
            SqlType type = ResultColumns.of(
                            statement.getMetaData(), session.home().catalog(), Map.of(), session.h2())
                    .getFirst()
                    .type();
            Catalog.Column column =
                    new Catalog.Column(parsed.name(), type, true, false, Optional.of(expression), Optional.empty());
            return new DatabaseCatalog.Definition(column, Optional.empty(), Optional.empty());
        }
    }
}
