package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Identifiers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;

/// What the probe asks. The same text as long as the tables stay the same, so that the server keeps its plan; several
/// statements, since the server takes long to plan one of very many branches.
final class ProbeSql {

    /// Of one statement.
    static final int BRANCHES = 100;

    private ProbeSql() {}

    /// How many results it takes to answer for each of `changeTables`.
    static int results(List<ChangeTable> changeTables) {
        return (changeTables.size() + BRANCHES - 1) / BRANCHES;
    }

    /// No parameters. Whether the login may read `changeTables`; a result for each [#BRANCHES].
    static String permissions(List<ChangeTable> changeTables) {
        return String.join(
                ";\n",
                unions(
                        changeTables,
                        table -> "SELECT " + table.objectId() + " AS object_id, HAS_PERMS_BY_NAME("
                                + Identifiers.text(table.quoted()) + ", N'OBJECT', N'SELECT') AS may_select"));
    }

    /// No parameters. First [CdcSql#MAX_LSN]; then the last commit LSN of each of `changeTables`, NULL for an
    /// empty one, a result for each [#BRANCHES]; then [CdcSql#instanceStarts] of the source tables with these
    /// object ids, a result for each [CaptureCatalogue#IDS_IN_A_QUERY].
    ///
    /// Each branch is one seek: a change table's clustered index begins with `__$start_lsn`. Without READPAST:
    /// that would skip locked pages, too, such as those the cleanup deletes from, and with them rows that are
    /// still to be read. A look that waits for a lock is only late.
    static String look(List<ChangeTable> changeTables, Collection<Integer> sourceTableIds) {
        List<String> statements = new ArrayList<>(List.of(CdcSql.MAX_LSN));
        statements.addAll(unions(
                changeTables,
                table -> "SELECT " + table.objectId() + " AS object_id, MAX(t.[__$start_lsn]) AS last_lsn FROM "
                        + table.quoted() + " AS t"));
        sourceTableIds.stream()
                .gather(Gatherers.windowFixed(CaptureCatalogue.IDS_IN_A_QUERY))
                .map(CdcSql::instanceStarts)
                .forEach(statements::add);
        return String.join(";\n", statements);
    }

    private static List<String> unions(List<ChangeTable> changeTables, Function<ChangeTable, String> branch) {
        return changeTables.stream()
                .gather(Gatherers.windowFixed(BRANCHES))
                .map(some -> some.stream().map(branch).collect(Collectors.joining("\nUNION ALL\n")))
                .toList();
    }
}
