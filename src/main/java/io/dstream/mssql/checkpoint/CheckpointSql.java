package io.dstream.mssql.checkpoint;

/// The statements on `cdc_offsets`. The table's name has no schema: it is found, and made, where the login's default
/// schema says.
///
/// No MERGE: without HOLDLOCK two of them race (Microsoft Learn, "MERGE (Transact-SQL)").
final class CheckpointSql {

    static final String CREATE_TABLE = """
            CREATE TABLE cdc_offsets (
                table_name nvarchar(255) NOT NULL PRIMARY KEY,
                last_lsn varbinary(10) NULL,
                updated_at datetime DEFAULT GETDATE(),
                last_seq varbinary(10) NULL,
                last_command_id int NULL
            )
            """;

    /// Two instances may pass the check together; the slower one gets error 2714.
    static final String CREATE_TABLE_IF_MISSING = "IF OBJECT_ID(N'cdc_offsets', N'U') IS NULL\n" + CREATE_TABLE;

    static final String ADD_LAST_SEQ = "ALTER TABLE cdc_offsets ADD last_seq varbinary(10) NULL";

    /// For a table of the original program that has no sequence yet. The slower of two instances gets error
    /// 2705.
    static final String ADD_LAST_SEQ_IF_MISSING = "IF COL_LENGTH(N'cdc_offsets', N'last_seq') IS NULL\n" + ADD_LAST_SEQ;

    static final String ADD_LAST_COMMAND_ID = "ALTER TABLE cdc_offsets ADD last_command_id int NULL";

    /// For a table made before there were positions by command.
    static final String ADD_LAST_COMMAND_ID_IF_MISSING =
            "IF COL_LENGTH(N'cdc_offsets', N'last_command_id') IS NULL\n" + ADD_LAST_COMMAND_ID;

    /// 1: table_name.
    static final String SELECT = """
            SELECT last_lsn, last_seq, last_command_id
            FROM cdc_offsets
            WHERE table_name = ?
            """;

    /// 1: last_lsn, 2: last_seq, 3: last_command_id, 4: table_name.
    static final String INSERT = """
            INSERT INTO cdc_offsets (last_lsn, last_seq, last_command_id, table_name, updated_at)
            VALUES (?, ?, ?, ?, GETDATE())
            """;

    /// No parameters. Whether the table is there, and what it has; 1 or 0.
    static final String SHAPE = """
            SELECT CASE WHEN OBJECT_ID(N'cdc_offsets', N'U') IS NULL THEN 0 ELSE 1 END AS has_table,
                   CASE WHEN COL_LENGTH(N'cdc_offsets', N'last_seq') IS NULL THEN 0 ELSE 1 END AS has_seq,
                   CASE WHEN COL_LENGTH(N'cdc_offsets', N'last_command_id') IS NULL THEN 0 ELSE 1 END AS has_command_id
            """;

    /// 1: table_name.
    static final String DELETE = """
            DELETE FROM cdc_offsets
            WHERE table_name = ?
            """;

    private CheckpointSql() {}

    /// 1: table_name. As SELECT, also from a table that has not all columns yet.
    static String select(boolean hasSeq, boolean hasCommandId) {
        return """
                SELECT last_lsn, %s AS last_seq, %s AS last_command_id
                FROM cdc_offsets
                WHERE table_name = ?
                """.formatted(
                        hasSeq ? "last_seq" : "CAST(NULL AS varbinary(10))",
                        hasCommandId ? "last_command_id" : "CAST(NULL AS int)");
    }

    /// 1: new last_lsn, 2: new last_seq, 3: new last_command_id, 4: table_name, 5: expected last_lsn; then,
    /// unless NULL is expected, expected last_seq and expected last_command_id.
    static String update(boolean expectsSeq, boolean expectsCommandId) {
        return """
                UPDATE cdc_offsets
                SET last_lsn = ?, last_seq = ?, last_command_id = ?, updated_at = GETDATE()
                WHERE table_name = ? AND last_lsn = ? AND last_seq %s AND last_command_id %s
                """.formatted(expectsSeq ? "= ?" : "IS NULL", expectsCommandId ? "= ?" : "IS NULL");
    }
}
