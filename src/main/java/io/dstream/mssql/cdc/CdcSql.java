package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Identifiers;
import java.util.Collection;
import java.util.stream.Collectors;

/// The statements of this package but for what `..Sql` classes beside it send for one purpose each. Values are
/// bound and not spliced, but for lists of object ids; columns are read by name but for the rows of changes,
/// whose order is fixed.
final class CdcSql {

    /// No parameters. `is_cdc_enabled` of the current database, and who we talk to.
    static final String SERVER = """
            SELECT CAST(@@SERVERNAME AS nvarchar(128)) AS server_name,
                   d.name AS database_name,
                   d.is_cdc_enabled AS is_cdc_enabled,
                   CAST(SERVERPROPERTY(N'EngineEdition') AS int) AS engine_edition,
                   CAST(SERVERPROPERTY(N'ProductVersion') AS nvarchar(128)) AS product_version
            FROM sys.databases AS d
            WHERE d.name = DB_NAME()""";

    /// No parameters. SQL Server 2022 and newer, and Azure SQL.
    static final String TIME_ZONE = "SELECT CAST(CURRENT_TIMEZONE_ID() AS nvarchar(128)) AS time_zone";

    /// No parameters. Minutes east of Greenwich, as of now.
    static final String TIME_OFFSET = "SELECT DATEDIFF(MINUTE, GETUTCDATE(), GETDATE()) AS offset_minutes";

    /// No parameters. The highest commit LSN the capture job has finished with, NULL before its first run; and who
    /// says so.
    static final String MAX_LSN = """
            SELECT MAX(m.start_lsn) AS max_lsn, CAST(@@SERVERNAME AS nvarchar(128)) AS server_name
            FROM cdc.lsn_time_mapping AS m""";

    /// No parameters.
    static final String ALL_SOURCE_TABLES = """
            SELECT s.name AS schema_name, t.name AS table_name, t.object_id AS object_id
            FROM sys.tables AS t
            JOIN sys.schemas AS s ON s.schema_id = t.schema_id""";

    /// 1 schema, 2 table. Every table of that name whatever its case.
    static final String SOURCE_TABLES = ALL_SOURCE_TABLES + """

            WHERE LOWER(s.name) = LOWER(?) AND LOWER(t.name) = LOWER(?)""";

    /// No parameters. Every capture instance and its table; names are NULL where the login may not see the table.
    static final String CAPTURED_TABLES = """
            SELECT c.capture_instance AS capture_instance,
                   c.source_object_id AS object_id,
                   s.name AS schema_name,
                   t.name AS table_name
            FROM cdc.change_tables AS c
            LEFT JOIN sys.tables AS t ON t.object_id = c.source_object_id
            LEFT JOIN sys.schemas AS s ON s.schema_id = t.schema_id
            ORDER BY s.name, t.name, c.capture_instance""";

    /// No parameters. What the capture instances of every table capture.
    static final String CAPTURED_COLUMN_NAMES = """
            SELECT c.source_object_id AS source_object_id, cc.column_name AS column_name
            FROM cdc.change_tables AS c
            JOIN cdc.captured_columns AS cc ON cc.object_id = c.object_id""";

    /// `low_watermark` is 10 zero bytes where the login may not see the instance.
    private static final String LISTED_INSTANCES = """
            SELECT c.source_object_id AS source_object_id,
                   c.capture_instance AS capture_instance,
                   c.object_id AS object_id,
                   c.start_lsn AS start_lsn,
                   sys.fn_cdc_get_min_lsn(c.capture_instance) AS low_watermark
            FROM cdc.change_tables AS c""";

    /// 1 source object id. Oldest first.
    static final String CAPTURE_INSTANCES = LISTED_INSTANCES + """

            WHERE c.source_object_id = ?
            ORDER BY c.create_date, c.object_id""";

    /// Types are those of the change table's columns: an alias type by
    /// its base type, a CLR type (which has no base type) by its own name. NULL where the login may not see the
    /// change table.
    ///
    /// `source_column_id` is NULL where the source table has dropped the column: ids are not used again, names may
    /// be. Whoever may read an instance sees all its columns there, since that takes SELECT on each.
    ///
    /// `cdc.captured_columns` has the database's collation and `sys.columns` the catalogue's. These are two in a
    /// contained database and, unless it was made otherwise, in Azure SQL Database: there, comparing them as
    /// text is error 468. One name is a copy of the other, so their bytes are compared. Sources: Microsoft
    /// Learn, "Contained database collations", "Collation precedence".
    private static final String LISTED_COLUMNS = """
            SELECT cc.object_id AS object_id,
                   cc.column_name AS column_name,
                   cc.column_ordinal AS column_ordinal,
                   cc.is_computed AS is_computed,
                   COALESCE(base.name, own.name) AS type_name,
                   col.max_length AS max_length,
                   col.[precision] AS numeric_precision,
                   col.[scale] AS numeric_scale,
                   src.column_id AS source_column_id
            FROM cdc.captured_columns AS cc
            LEFT JOIN sys.columns AS col ON col.object_id = cc.object_id
                AND CAST(col.name AS varbinary(256)) = CAST(cc.column_name AS varbinary(256))
            LEFT JOIN sys.types AS own ON own.user_type_id = col.user_type_id
            LEFT JOIN sys.types AS base ON base.user_type_id = col.system_type_id""";

    /// 1 source table's object id, 2 change table's.
    static final String CAPTURED_COLUMNS = LISTED_COLUMNS + """

            LEFT JOIN sys.columns AS src ON src.object_id = ? AND src.column_id = cc.column_id
            WHERE cc.object_id = ?
            ORDER BY cc.column_ordinal""";

    /// 1 most transactions, 2 first commit LSN, 3 last commit LSN. How many transactions that are, and the last of
    /// them.
    static final String WINDOW_END = """
            SELECT COUNT(*) AS transaction_count, MAX(w.start_lsn) AS last_lsn
            FROM (
                SELECT TOP (?) m.start_lsn AS start_lsn
                FROM cdc.lsn_time_mapping AS m
                WHERE m.start_lsn >= ? AND m.start_lsn <= ?
                ORDER BY m.start_lsn
            ) AS w""";

    /// 1 first commit LSN, 2 last commit LSN.
    static final String COMMIT_TIMES = """
            SELECT m.start_lsn AS start_lsn, m.tran_end_time AS tran_end_time
            FROM cdc.lsn_time_mapping AS m
            WHERE m.start_lsn >= ? AND m.start_lsn <= ?
            ORDER BY m.start_lsn""";

    /// 1 the latest time of the hour that is known from before, 2 the last commit LSN looked at before, 3 the
    /// last to look at now, 4 start, 5 end of a repeated hour, in the server's local time. The first commit LSN
    /// of its second pass: the one at which time has jumped back within that hour; and the latest time. Never
    /// by less than a minute: the times of transactions that commit together need not have the order of their
    /// LSNs, and clocks are put right by seconds. When nothing happens the capture job makes an entry every
    /// five minutes, so the true jump is much larger.
    static final String SECOND_PASS = """
            SELECT MIN(CASE WHEN w.tran_end_time < DATEADD(MINUTE, -1, w.latest)
                              OR w.tran_end_time < DATEADD(MINUTE, -1, CAST(? AS datetime))
                            THEN w.start_lsn END) AS second_pass,
                   MAX(w.tran_end_time) AS latest
            FROM (
                SELECT m.start_lsn AS start_lsn,
                       m.tran_end_time AS tran_end_time,
                       MAX(m.tran_end_time) OVER (ORDER BY m.start_lsn ROWS UNBOUNDED PRECEDING) AS latest
                FROM cdc.lsn_time_mapping AS m
                WHERE m.start_lsn > ? AND m.start_lsn <= ?
                    AND m.tran_end_time >= CAST(? AS datetime) AND m.tran_end_time < CAST(? AS datetime)
            ) AS w""";

    /// 1 first commit LSN, 2 the change table's low watermark, 3 its object id. 1 where a transaction from the
    /// first up to the watermark was committed more than two hours after the capture instance was made, which
    /// then held it once. Its `start_lsn` does not tell: it moves with every cleanup.
    ///
    /// Two hours, because times are local: one may be the clock that was put forward, and another is for the
    /// making, which waits for locks between its date and its first LSN. Both lookups are seeks.
    static final String HELD_MORE = """
            SELECT CASE WHEN DATEADD(HOUR, 2, c.create_date) <= (
                       SELECT TOP (1) m.tran_end_time
                       FROM cdc.lsn_time_mapping AS m
                       WHERE m.start_lsn >= ? AND m.start_lsn < ?
                       ORDER BY m.start_lsn DESC
                   ) THEN 1 ELSE 0 END AS held_more
            FROM cdc.change_tables AS c
            WHERE c.object_id = ?""";

    /// 1 a commit LSN, 2 a change table's object id. 1 where the first transaction at or after that LSN was
    /// committed more than two hours after the capture instance was made; two for the same reasons.
    static final String MADE_LONG_BEFORE = """
            SELECT CASE WHEN DATEADD(HOUR, 2, c.create_date) <= (
                       SELECT TOP (1) m.tran_end_time
                       FROM cdc.lsn_time_mapping AS m
                       WHERE m.start_lsn >= ?
                       ORDER BY m.start_lsn
                   ) THEN 1 ELSE 0 END AS made_long_before
            FROM cdc.change_tables AS c
            WHERE c.object_id = ?""";

    private CdcSql() {}

    /// No parameters. Of the source tables with these object ids, oldest first.
    static String captureInstances(Collection<Integer> sourceTableIds) {
        return ofTables(LISTED_INSTANCES, sourceTableIds);
    }

    /// No parameters. As above, their names alone.
    static String instanceNames(Collection<Integer> sourceTableIds) {
        return ofTables("""
                SELECT c.source_object_id AS source_object_id,
                       c.object_id AS object_id,
                       c.capture_instance AS capture_instance
                FROM cdc.change_tables AS c""", sourceTableIds);
    }

    /// No parameters. As above, where they begin alone. That is the low watermark which
    /// `sys.fn_cdc_get_min_lsn` answers, without a function call a row. Source: Microsoft Learn,
    /// "sys.fn_cdc_get_min_lsn (Transact-SQL)".
    static String instanceStarts(Collection<Integer> sourceTableIds) {
        return ofTables("""
                SELECT c.source_object_id AS source_object_id, c.object_id AS object_id, c.start_lsn AS start_lsn
                FROM cdc.change_tables AS c""", sourceTableIds);
    }

    private static String ofTables(String instances, Collection<Integer> sourceTableIds) {
        return instances + """

                WHERE c.source_object_id IN (%s)
                ORDER BY c.create_date, c.object_id""".formatted(list(sourceTableIds));
    }

    /// No parameters. Of every capture instance of the source tables with these object ids.
    static String capturedColumns(Collection<Integer> sourceTableIds) {
        return LISTED_COLUMNS + """

                JOIN cdc.change_tables AS c ON c.object_id = cc.object_id
                LEFT JOIN sys.columns AS src ON src.object_id = c.source_object_id AND src.column_id = cc.column_id
                WHERE c.source_object_id IN (%s)
                ORDER BY cc.object_id, cc.column_ordinal""".formatted(list(sourceTableIds));
    }

    private static String list(Collection<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /// 1 first commit LSN, 2 last commit LSN, both inclusive. Columns: commit LSN, seqval, operation, with
    /// `beforeImages` the update mask, then the captured columns in ordinal order. Where it `resumes`, without
    /// what is done already of the first transaction: 3 its commit LSN, 4 the last seqval done.
    static String allChanges(CaptureInstance instance, boolean beforeImages, boolean resumes) {
        String function = Identifiers.quote("cdc", "fn_cdc_get_all_changes_" + instance.name());
        String condition = resumes ? "WHERE c.[__$start_lsn] > ? OR c.[__$seqval] > ?\n" : "";
        return """
                SELECT c.[__$start_lsn], c.[__$seqval], c.[__$operation]%s%s
                FROM %s(?, ?, N'%s') AS c
                %sORDER BY c.[__$start_lsn], c.[__$seqval], c.[__$operation]""".formatted(
                        updateMask(beforeImages),
                        captured(instance),
                        function,
                        beforeImages ? "all update old" : "all",
                        condition);
    }

    /// As above, with the command id after the operation, -1 for NULL, and in order of execution: that of the
    /// change table's clustered index, in which NULL comes first. Where it `resumes`: 3 the first transaction's
    /// commit LSN, 4 and 5 the last command id done, 6 the last seqval done.
    static String changeTable(CaptureInstance instance, boolean beforeImages, boolean resumes) {
        String table = Identifiers.quote("cdc", instance.name() + "_CT");
        String withoutBeforeImages = beforeImages ? "" : " AND c.[__$operation] <> 3";
        String condition = resumes ? """
                 AND (c.[__$start_lsn] > ? OR COALESCE(c.[__$command_id], -1) > ?
                      OR (COALESCE(c.[__$command_id], -1) = ? AND c.[__$seqval] > ?))""" : "";
        return """
                SELECT c.[__$start_lsn], c.[__$seqval], c.[__$operation],
                       COALESCE(c.[__$command_id], -1) AS command_id%s%s
                FROM %s AS c
                WHERE c.[__$start_lsn] >= ? AND c.[__$start_lsn] <= ?%s%s
                ORDER BY c.[__$start_lsn], c.[__$command_id], c.[__$seqval], c.[__$operation]""".formatted(updateMask(beforeImages), captured(instance), table, withoutBeforeImages, condition);
    }

    private static String updateMask(boolean beforeImages) {
        return beforeImages ? ", c.[__$update_mask]" : "";
    }

    private static String captured(CaptureInstance instance) {
        return instance.columns().stream()
                .map(column -> ", c." + Identifiers.quote(column.name()))
                .collect(Collectors.joining());
    }
}
