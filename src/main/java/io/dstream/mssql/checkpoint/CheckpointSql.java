package io.dstream.mssql.checkpoint;

/// The statements on `cdc_offsets`. The table's name has no schema: it is found, and made, where the login's default
/// schema says.
///
/// No MERGE: without HOLDLOCK two of them race (Microsoft Learn, "MERGE (Transact-SQL)").
final class CheckpointSql {

    /// Two instances may pass the check together; the slower one gets error 2714.
    static final String CREATE_TABLE = """
            IF OBJECT_ID(N'cdc_offsets', N'U') IS NULL
            CREATE TABLE cdc_offsets (
                table_name nvarchar(255) NOT NULL PRIMARY KEY,
                last_lsn varbinary(10) NULL,
                updated_at datetime DEFAULT GETDATE(),
                last_seq varbinary(10) NULL
            )
            """;

    /// For a table of the original program that has no sequence yet. The slower of two instances gets error 2705.
    static final String ADD_LAST_SEQ = """
            IF COL_LENGTH(N'cdc_offsets', N'last_seq') IS NULL
            ALTER TABLE cdc_offsets ADD last_seq varbinary(10) NULL
            """;

    /// 1: table_name.
    static final String SELECT = """
            SELECT last_lsn, last_seq
            FROM cdc_offsets
            WHERE table_name = ?
            """;

    /// 1: table_name, 2: last_lsn, 3: last_seq.
    static final String INSERT = """
            INSERT INTO cdc_offsets (table_name, last_lsn, last_seq, updated_at)
            VALUES (?, ?, ?, GETDATE())
            """;

    /// 1: new last_lsn, 2: new last_seq, 3: table_name, 4: expected last_lsn, 5: expected last_seq.
    static final String UPDATE = """
            UPDATE cdc_offsets
            SET last_lsn = ?, last_seq = ?, updated_at = GETDATE()
            WHERE table_name = ? AND last_lsn = ? AND last_seq = ?
            """;

    /// 1: new last_lsn, 2: new last_seq, 3: table_name, 4: expected last_lsn.
    static final String UPDATE_WITHOUT_SEQ = """
            UPDATE cdc_offsets
            SET last_lsn = ?, last_seq = ?, updated_at = GETDATE()
            WHERE table_name = ? AND last_lsn = ? AND last_seq IS NULL
            """;

    private CheckpointSql() {}
}
