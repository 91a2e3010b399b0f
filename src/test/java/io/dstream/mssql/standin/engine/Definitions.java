package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.cdc.ChangeCapture;
import io.dstream.mssql.standin.tsql.DdlStatement;
import io.dstream.mssql.standin.tsql.DdlStatement.ColumnDefinition;
import io.dstream.mssql.standin.tsql.H2Types;
import io.dstream.mssql.standin.tsql.ObjectName;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs CREATE, ALTER, DROP and TRUNCATE. H2's DDL commits, so all of it is refused inside a transaction.
final class Definitions {

    private final EngineSession session;
    private final SessionScope scope;
    private final DatabaseCatalog catalog;
    private final ColumnDeclarations declarations;

    Definitions(EngineSession session, SessionScope scope) {
        this.session = session;
        this.scope = scope;
        this.catalog = session.home().catalog();
        this.declarations = new ColumnDeclarations(session, scope);
    }

    void run(DdlStatement statement) throws SQLException, SqlServerError {
        if (session.transactions().depth() > 0) {
            throw new SqlServerError(
                    226,
                    16,
                    6,
                    statement.getClass().getSimpleName()
                            + " statement not allowed within multi-statement transaction. (In the stand-in: H2 would"
                            + " commit.)");
        }
        Connection h2 = session.h2();
        switch (statement) {
            case DdlStatement.CreateDatabase create -> {
                requireServerAdmin();
                session.engine().createDatabase(create.name());
            }
            case DdlStatement.DropDatabase drop -> {
                requireServerAdmin();
                session.engine().dropDatabase(drop.name(), drop.ifExists());
            }
            case DdlStatement.AlterDatabase ignored -> requireServerAdmin();
            case DdlStatement.CreateSchema create -> {
                requireDatabase("CREATE SCHEMA");
                catalog.createSchema(h2, create.name());
            }
            case DdlStatement.DropSchema drop -> dropSchema(drop);
            case DdlStatement.CreateTable create -> createTable(create);
            case DdlStatement.DropTable drop -> dropTable(drop);
            case DdlStatement.TruncateTable truncate -> truncate(truncate.name());
            case DdlStatement.AddColumns add -> addColumns(add);
            case DdlStatement.DropColumns drop -> dropColumns(drop);
            case DdlStatement.AlterColumn alter -> alterColumn(alter);
            case DdlStatement.CreateIndex create -> createIndex(create);
            case DdlStatement.CreateType create -> createType(create);
        }
        session.transactions().succeeded();
    }

    private void requireServerAdmin() throws SqlServerError {
        if (!session.login().user().equalsIgnoreCase("sa")) {
            throw new SqlServerError(262, 14, 1, "CREATE DATABASE permission denied in database 'master'.");
        }
    }

    private void requireDatabase(String permission) throws SQLException, SqlServerError {
        if (!session.home().permissions().allowedInDatabase(session.user().name(), permission)) {
            throw new SqlServerError(
                    262, 14, 1, permission + " permission denied in database '" + session.database() + "'.");
        }
    }

    private Catalog.Table alterable(ObjectName name) throws SQLException, SqlServerError {
        Catalog.Table table = scope.require(name);
        String user = session.user().name();
        boolean owner = session.home().permissions().isMember(user, "db_ddladmin");
        if (!owner && !session.home().permissions().allowed(user, "ALTER", table.schema(), table.name())) {
            throw new SqlServerError(
                    1088,
                    16,
                    7,
                    "Cannot find the object \"" + name
                            + "\" because it does not exist or you do not have permissions.");
        }
        return table;
    }

    private void dropSchema(DdlStatement.DropSchema drop) throws SQLException, SqlServerError {
        requireDatabase("CREATE SCHEMA");
        if (catalog.schema(drop.name()).isPresent()) {
            catalog.dropSchema(session.h2(), drop.name());
        } else if (!drop.ifExists()) {
            throw new SqlServerError(15151, "Cannot drop the schema '" + drop.name() + "', because it does not exist.");
        }
    }

    private void createTable(DdlStatement.CreateTable create) throws SQLException, SqlServerError {
        requireDatabase("CREATE TABLE");
        String schema = create.name().schema().orElse(session.user().defaultSchema());
        if (catalog.schema(schema).isEmpty()) {
            throw new SqlServerError(
                    2760,
                    "The specified schema name \"" + schema + "\" either does not exist or you do not have"
                            + " permission to use it.");
        }
        List<String> primaryKey = new ArrayList<>(create.primaryKey());
        List<List<String>> uniques = new ArrayList<>(create.uniques());
        for (ColumnDefinition column : create.columns()) {
            if (column.primaryKey()) {
                primaryKey.add(column.name());
            }
            if (column.unique()) {
                uniques.add(List.of(column.name()));
            }
        }
        List<DatabaseCatalog.Definition> columns = declarations.declare(create.columns(), List.of(), primaryKey);
        catalog.create(session.h2(), schema, create.name().name(), columns, List.copyOf(primaryKey), uniques);
    }

    private void dropTable(DdlStatement.DropTable drop) throws SQLException, SqlServerError {
        if (session.find(drop.name()).isEmpty()) {
            if (drop.ifExists()) {
                return;
            }
            throw new SqlServerError(
                    3701,
                    11,
                    5,
                    "Cannot drop the table '" + drop.name() + "', because it does not exist or you do not"
                            + " have permission.");
        }
        Catalog.Table table = alterable(drop.name());
        session.home().capture().beforeDrop(table.schema(), table.name());
        catalog.drop(session.h2(), table.schema(), table.name());
    }

    private void truncate(ObjectName name) throws SQLException, SqlServerError {
        Catalog.Table table = alterable(name);
        if (session.home().capture().isCaptured(table.schema(), table.name())) {
            throw new SqlServerError(
                    4711,
                    "Cannot truncate table '" + table.name() + "' because it is published for replication or enabled"
                            + " for Change Data Capture.");
        }
        execute("TRUNCATE TABLE " + catalog.h2Name(table.schema(), table.name()) + " RESTART IDENTITY");
    }

    private void addColumns(DdlStatement.AddColumns add) throws SQLException, SqlServerError {
        for (ColumnDefinition column : add.columns()) {
            Catalog.Table table = alterable(add.table());
            DatabaseCatalog.Definition added = declarations
                    .declare(List.of(column), table.columns(), List.of())
                    .getFirst();
            if (find(table, column.name()).isPresent()) {
                throw new SqlServerError(
                        2705,
                        "Column names in each table must be unique. Column name '" + column.name()
                                + "' is specified more than once.");
            }
            List<Catalog.Column> columns = new ArrayList<>(table.columns());
            columns.add(added.column());
            alter(table, "ADD COLUMN " + TableSql.column(added), columns);
        }
    }

    private void dropColumns(DdlStatement.DropColumns drop) throws SQLException, SqlServerError {
        for (String name : drop.columns()) {
            Catalog.Table table = alterable(drop.table());
            Catalog.Column column = require(table, name, "DROP");
            List<Catalog.Column> columns = new ArrayList<>(table.columns());
            columns.remove(column);
            alter(table, "DROP COLUMN " + H2Types.quote(column.name()), columns);
        }
    }

    private void alterColumn(DdlStatement.AlterColumn alter) throws SQLException, SqlServerError {
        Catalog.Table table = alterable(alter.table());
        Catalog.Column before = require(table, alter.column().name(), "ALTER");
        Catalog.Column after = declarations
                .declare(List.of(alter.column()), table.columns(), List.of())
                .getFirst()
                .column();
        List<Catalog.Column> columns = new ArrayList<>(table.columns());
        columns.set(
                columns.indexOf(before),
                new Catalog.Column(
                        before.name(),
                        after.type(),
                        after.nullable(),
                        before.identity(),
                        Optional.empty(),
                        after.alias()));
        String column = "ALTER COLUMN " + H2Types.quote(before.name());
        alter(table, column + " SET DATA TYPE " + H2Types.of(after.type()), columns);
        if (after.nullable() != before.nullable()) {
            String change = column + (after.nullable() ? " DROP NOT NULL" : " SET NOT NULL");
            alter(scope.require(alter.table()), change, columns);
        }
    }

    /// H2 makes the table anew and loses its triggers: capture puts them back.
    private void alter(Catalog.Table table, String change, List<Catalog.Column> columns)
            throws SQLException, SqlServerError {
        ChangeCapture capture = session.home().capture();
        capture.whileAltering(table.schema(), table.name(), () -> catalog.alter(session.h2(), table, change, columns));
    }

    private static Optional<Catalog.Column> find(Catalog.Table table, String name) {
        return table.columns().stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst();
    }

    private static Catalog.Column require(Catalog.Table table, String name, String verb) throws SqlServerError {
        return find(table, name)
                .orElseThrow(() -> new SqlServerError(
                        4924,
                        "ALTER TABLE " + verb + " COLUMN failed because column '" + name + "' does not exist in table '"
                                + table.name() + "'."));
    }

    private void createIndex(DdlStatement.CreateIndex create) throws SQLException, SqlServerError {
        Catalog.Table table = alterable(create.table());
        execute("CREATE " + (create.unique() ? "UNIQUE " : "") + "INDEX "
                + H2Types.quote(table.schema()) + "." + H2Types.quote(table.name() + "." + create.name()) + " ON "
                + catalog.h2Name(table.schema(), table.name()) + " " + TableSql.names(create.columns()));
    }

    private void createType(DdlStatement.CreateType create) throws SQLException, SqlServerError {
        requireDatabase("CREATE TABLE");
        catalog.createType(
                create.name().schema().orElse("dbo"),
                create.name().name(),
                scope.type(create.type(), 1),
                create.nullable());
    }

    private void execute(String sql) throws SQLException {
        try (PreparedStatement statement = session.h2().prepareStatement(sql)) {
            statement.execute();
        }
    }
}
