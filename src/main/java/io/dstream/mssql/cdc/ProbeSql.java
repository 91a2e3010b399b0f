package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Identifiers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the probe asks. The same text as long as the tables stay the same, so that the server keeps its plan; several
/// statements, since the server takes long to plan one of very many branches.
final class ProbeSql {

    /// Of one statement.
    static final int BRANCHES = 100;

    private ProbeSql() {}

    /// How many results it takes to answer for each of `instances`.
    static int results(List<CaptureInstance> instances) {
        return (instances.size() + BRANCHES - 1) / BRANCHES;
    }

    /// No parameters. The capture instances of the source tables with these object ids, by their names, oldest first.
    static String names(Collection<Integer> sourceTableIds) {
        return """
                SELECT c.source_object_id AS source_object_id,
                       c.object_id AS object_id,
                       c.capture_instance AS capture_instance
                FROM cdc.change_tables AS c
                WHERE c.source_object_id IN (%s)
                ORDER BY c.create_date, c.object_id""".formatted(list(sourceTableIds));
    }

    /// No parameters. Whether the login may read the change tables of `instances`; a result for each [#BRANCHES].
    static String permissions(List<CaptureInstance> instances) {
        return String.join(
                ";\n",
                unions(
                        instances,
                        instance -> "SELECT " + instance.changeTableId() + " AS object_id, HAS_PERMS_BY_NAME("
                                + Identifiers.text(instance.changeTable()) + ", N'OBJECT', N'SELECT') AS may_select"));
    }

    /// No parameters. First [CdcSql#MAX_LSN]; then the last commit LSN of each change table of `instances`, NULL
    /// for an empty one, a result for each [#BRANCHES]; then the capture instances of the source tables with these
    /// object ids, oldest first.
    ///
    /// Each branch is one seek: a change table's clustered index begins with `__$start_lsn`. The low watermark is
    /// the instance's `start_lsn`, which is what `sys.fn_cdc_get_min_lsn` answers, without a function call a row.
    /// Source: Microsoft Learn, "sys.fn_cdc_get_min_lsn (Transact-SQL)".
    static String look(List<CaptureInstance> instances, Collection<Integer> sourceTableIds) {
        List<String> statements = new ArrayList<>(List.of(CdcSql.MAX_LSN));
        statements.addAll(unions(
                instances,
                instance -> "SELECT " + instance.changeTableId()
                        + " AS object_id, MAX(t.[__$start_lsn]) AS last_lsn FROM " + instance.changeTable()
                        + " AS t"));
        statements.add("""
                SELECT c.source_object_id AS source_object_id,
                       c.object_id AS object_id,
                       c.start_lsn AS start_lsn
                FROM cdc.change_tables AS c
                WHERE c.source_object_id IN (%s)
                ORDER BY c.create_date, c.object_id""".formatted(list(sourceTableIds)));
        return String.join(";\n", statements);
    }

    private static List<String> unions(List<CaptureInstance> instances, Function<CaptureInstance, String> branch) {
        List<String> statements = new ArrayList<>();
        for (int from = 0; from < instances.size(); from += BRANCHES) {
            statements.add(instances.subList(from, Math.min(instances.size(), from + BRANCHES)).stream()
                    .map(branch)
                    .collect(Collectors.joining("\nUNION ALL\n")));
        }
        return statements;
    }

    private static String list(Collection<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
