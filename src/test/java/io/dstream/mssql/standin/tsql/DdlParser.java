package io.dstream.mssql.standin.tsql;

import io.dstream.mssql.standin.tsql.DdlStatement.ColumnDefinition;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads CREATE, ALTER, DROP and TRUNCATE of databases, schemas, tables, indexes and types.
final class DdlParser {

    private static final Set<String> DATABASE_OPTIONS =
            Set.of("ALLOW_SNAPSHOT_ISOLATION", "READ_COMMITTED_SNAPSHOT", "RECOVERY", "SINGLE_USER", "MULTI_USER");

    private final TokenReader reader;
    private final ColumnParser columns;

    DdlParser(TokenReader reader) {
        this.reader = reader;
        this.columns = new ColumnParser(reader);
    }

    void statement(List<Statement> into) throws SqlServerError {
        String verb = Keywords.upper(reader.next().text());
        switch (verb) {
            case "CREATE" -> into.add(create());
            case "ALTER" -> into.add(alter());
            case "DROP" -> drop(into);
            case "TRUNCATE" -> {
                reader.expectWord("TABLE");
                into.add(new DdlStatement.TruncateTable(reader.expectObjectName()));
            }
            default -> throw SyntaxErrors.near(verb);
        }
    }

    private DdlStatement create() throws SqlServerError {
        Token what = reader.next();
        return switch (Keywords.upper(what.text())) {
            case "DATABASE" -> new DdlStatement.CreateDatabase(reader.expectName());
            case "SCHEMA" -> schema();
            case "TABLE" -> table();
            case "TYPE" -> type();
            case "UNIQUE" -> {
                acceptClustered();
                reader.expectWord("INDEX");
                yield index(true);
            }
            case "NONCLUSTERED", "CLUSTERED" -> {
                reader.expectWord("INDEX");
                yield index(false);
            }
            case "INDEX" -> index(false);
            default -> throw SyntaxErrors.near(what);
        };
    }

    private DdlStatement schema() throws SqlServerError {
        String name = reader.expectName();
        if (reader.acceptWord("AUTHORIZATION")) {
            reader.expectName();
        }
        return new DdlStatement.CreateSchema(name);
    }

    private DdlStatement table() throws SqlServerError {
        ObjectName name = reader.expectObjectName();
        reader.expectSymbol("(");
        List<ColumnDefinition> found = new ArrayList<>();
        List<String> primaryKey = new ArrayList<>();
        List<List<String>> uniques = new ArrayList<>();
        do {
            if (reader.peek().isSymbol(")")) {
                break;
            }
            if (!tableConstraint(primaryKey, uniques)) {
                found.add(columns.column());
            }
        } while (reader.acceptSymbol(","));
        reader.expectSymbol(")");
        return new DdlStatement.CreateTable(name, found, primaryKey, uniques);
    }

    private boolean tableConstraint(List<String> primaryKey, List<List<String>> uniques) throws SqlServerError {
        if (reader.acceptWord("CONSTRAINT")) {
            reader.expectName();
        }
        if (reader.acceptWords("PRIMARY", "KEY")) {
            acceptClustered();
            primaryKey.addAll(columnList());
            return true;
        }
        if (reader.acceptWord("UNIQUE")) {
            acceptClustered();
            uniques.add(columnList());
            return true;
        }
        return false;
    }

    private void acceptClustered() {
        if (!reader.acceptWord("CLUSTERED")) {
            reader.acceptWord("NONCLUSTERED");
        }
    }

    private List<String> columnList() throws SqlServerError {
        List<String> names = new ArrayList<>();
        reader.expectSymbol("(");
        do {
            names.add(reader.expectName());
            if (!reader.acceptWord("ASC")) {
                reader.acceptWord("DESC");
            }
        } while (reader.acceptSymbol(","));
        reader.expectSymbol(")");
        return names;
    }

    private DdlStatement index(boolean unique) throws SqlServerError {
        String name = reader.expectName();
        reader.expectWord("ON");
        return new DdlStatement.CreateIndex(name, reader.expectObjectName(), columnList(), unique);
    }

    private DdlStatement type() throws SqlServerError {
        ObjectName name = reader.expectObjectName();
        reader.expectWord("FROM");
        TypeName type = new TypeParser(reader).type();
        boolean nullable = !reader.acceptWords("NOT", "NULL");
        if (nullable) {
            reader.acceptWord("NULL");
        }
        return new DdlStatement.CreateType(name, type, nullable);
    }

    private DdlStatement alter() throws SqlServerError {
        if (reader.acceptWord("DATABASE")) {
            return alterDatabase();
        }
        reader.expectWord("TABLE");
        ObjectName table = reader.expectObjectName();
        if (reader.acceptWord("ADD")) {
            List<ColumnDefinition> added = new ArrayList<>();
            do {
                added.add(columns.column());
            } while (reader.acceptSymbol(","));
            return new DdlStatement.AddColumns(table, added);
        }
        if (reader.acceptWords("DROP", "COLUMN")) {
            return new DdlStatement.DropColumns(table, names());
        }
        if (reader.acceptWords("ALTER", "COLUMN")) {
            return new DdlStatement.AlterColumn(table, columns.column());
        }
        throw SyntaxErrors.near(reader.peek());
    }

    private DdlStatement alterDatabase() throws SqlServerError {
        String name = reader.acceptWord("CURRENT") ? "" : reader.expectName();
        reader.expectWord("SET");
        Token option = reader.next();
        if (!DATABASE_OPTIONS.contains(Keywords.upper(option.text()))) {
            throw SyntaxErrors.near(option);
        }
        if (!reader.acceptWord("ON") && !reader.acceptWord("OFF") && !reader.acceptWord("FULL")) {
            reader.acceptWord("SIMPLE");
        }
        if (reader.acceptWords("WITH", "ROLLBACK")) {
            reader.expectWord("IMMEDIATE");
        }
        return new DdlStatement.AlterDatabase(name, option.text());
    }

    private List<String> names() throws SqlServerError {
        List<String> names = new ArrayList<>();
        do {
            names.add(reader.expectName());
        } while (reader.acceptSymbol(","));
        return names;
    }

    private void drop(List<Statement> into) throws SqlServerError {
        Token what = reader.next();
        boolean ifExists = reader.acceptWords("IF", "EXISTS");
        do {
            into.add(
                    switch (Keywords.upper(what.text())) {
                        case "DATABASE" -> new DdlStatement.DropDatabase(reader.expectName(), ifExists);
                        case "SCHEMA" -> new DdlStatement.DropSchema(reader.expectName(), ifExists);
                        case "TABLE" -> new DdlStatement.DropTable(reader.expectObjectName(), ifExists);
                        default -> throw SyntaxErrors.near(what);
                    });
        } while (reader.acceptSymbol(","));
    }
}
